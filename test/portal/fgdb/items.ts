// GDB_Items and GDB_ItemRelationships: what the geodatabase says of its own datasets, as XML definitions.
import type { Field, Row, Table } from "./table.ts";
import { WKT, type GeometryKind } from "./geometry.ts";

export interface Described {
  readonly name: string;
  readonly kind: "feature-class" | "table" | "relationship";
  readonly geometry?: GeometryKind;
  readonly fields?: readonly Field[];
  /** Id of the dataset inside the geodatabase: its table's number. */
  readonly id: number;
  /** Relationships only. */
  readonly origin?: string;
  readonly destination?: string;
}

const TYPE_IDS = {
  folder: "{F3783E6F-65CA-4514-8315-CE3985DAD3B1}",
  workspace: "{C673FE0F-7280-404F-8532-20755DD8FC06}",
  "feature-class": "{70737809-852C-4A03-9E22-2CECEA5B9BFA}",
  table: "{CD06BC3B-789D-4C51-AAFA-A467912B8965}",
  relationship: "{B606A7E1-FA5B-439C-849C-6E9C2481537B}",
} as const;

export const ITEM_TYPES: readonly { readonly id: string; readonly name: string }[] = [
  { id: TYPE_IDS.folder, name: "Folder" },
  { id: TYPE_IDS.workspace, name: "Workspace" },
  { id: TYPE_IDS["feature-class"], name: "Feature Class" },
  { id: TYPE_IDS.table, name: "Table" },
  { id: TYPE_IDS.relationship, name: "Relationship Class" },
];

const ESRI_TYPE = {
  point: "esriGeometryPoint",
  polyline: "esriGeometryPolyline",
  polygon: "esriGeometryPolygon",
} as const;
const FIELD_TYPE: Record<Field["kind"], string> = {
  int16: "SmallInteger",
  int32: "Integer",
  float64: "Double",
  string: "String",
  date: "Date",
  binary: "Blob",
  uuid: "GUID",
  globalid: "GlobalID",
  xml: "XML",
};
const SPACES =
  'xmlns:typens="http://www.esri.com/schemas/ArcGIS/10.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"';

const escaped = (value: string): string => value.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function fieldInfo(name: string, type: string, nullable: boolean): string {
  return `<GPFieldInfoEx xsi:type="typens:GPFieldInfoEx"><Name>${escaped(name)}</Name><FieldType>esriFieldType${type}</FieldType><IsNullable>${String(nullable)}</IsNullable></GPFieldInfoEx>`;
}

function definition(dataset: Described): string {
  const name = escaped(dataset.name);
  const head = `<CatalogPath>\\${name}</CatalogPath><Name>${name}</Name><ChildrenExpanded>false</ChildrenExpanded>`;
  if (dataset.kind === "relationship") {
    return `<DERelationshipClassInfo ${SPACES} xsi:type="typens:DERelationshipClassInfo">${head}<DatasetType>esriDTRelationshipClass</DatasetType><DSID>${dataset.id}</DSID><Versioned>false</Versioned><CanVersion>false</CanVersion><Cardinality>esriRelCardinalityOneToMany</Cardinality><Notification>esriRelNotificationForward</Notification><IsAttributed>false</IsAttributed><IsComposite>true</IsComposite><OriginClassNames xsi:type="typens:Names"><Name>${escaped(dataset.origin ?? "")}</Name></OriginClassNames><DestinationClassNames xsi:type="typens:Names"><Name>${escaped(dataset.destination ?? "")}</Name></DestinationClassNames><KeyType>esriRelKeyTypeSingle</KeyType><ClassKey>esriRelClassKeyUndefined</ClassKey><ForwardPathLabel>attachment</ForwardPathLabel><BackwardPathLabel>object</BackwardPathLabel><IsReflexive>false</IsReflexive><OriginClassKeys xsi:type="typens:ArrayOfRelationshipClassKey"><RelationshipClassKey xsi:type="typens:RelationshipClassKey"><ObjectKeyName>OBJECTID</ObjectKeyName><ClassKeyName/><KeyRole>esriRelKeyRoleOriginPrimary</KeyRole></RelationshipClassKey><RelationshipClassKey xsi:type="typens:RelationshipClassKey"><ObjectKeyName>REL_OBJECTID</ObjectKeyName><ClassKeyName/><KeyRole>esriRelKeyRoleOriginForeign</KeyRole></RelationshipClassKey></OriginClassKeys><RelationshipRules xsi:type="typens:ArrayOfRelationshipRule"/><IsAttachmentRelationship>true</IsAttachmentRelationship></DERelationshipClassInfo>`;
  }
  const element = dataset.kind === "table" ? "DETableInfo" : "DEFeatureClassInfo";
  const shape = dataset.geometry === undefined ? "" : fieldInfo("Shape", "Geometry", true);
  const fields = (dataset.fields ?? [])
    .map((field) => fieldInfo(field.name, FIELD_TYPE[field.kind], field.required !== true))
    .join("");
  const featureClass =
    dataset.geometry === undefined
      ? ""
      : `<FeatureType>esriFTSimple</FeatureType><ShapeType>${ESRI_TYPE[dataset.geometry]}</ShapeType><ShapeFieldName>Shape</ShapeFieldName><HasM>false</HasM><HasZ>false</HasZ><HasSpatialIndex>false</HasSpatialIndex><SpatialReference xsi:type="typens:GeographicCoordinateSystem"><WKT>${WKT}</WKT><WKID>4326</WKID><LatestWKID>4326</LatestWKID></SpatialReference>`;
  return `<typens:${element} ${SPACES} xsi:type="typens:${element}">${head}<DatasetType>esriDT${dataset.kind === "table" ? "Table" : "FeatureClass"}</DatasetType><DSID>${dataset.id}</DSID><Versioned>false</Versioned><CanVersion>false</CanVersion><HasOID>true</HasOID><OIDFieldName>OBJECTID</OIDFieldName><GPFieldInfoExs xsi:type="typens:ArrayOfGPFieldInfoEx">${fieldInfo("OBJECTID", "OID", false)}${shape}${fields}</GPFieldInfoExs>${featureClass}</typens:${element}>`;
}

const text = (name: string, width: number): Field => ({ name, kind: "string", width });

export function itemsTable(datasets: readonly Described[], idOf: (name: string) => string): Table {
  const row = (name: string, type: string, path: string, xml: string | null): Row => ({
    values: {
      UUID: idOf(`dataset ${path}`),
      Type: type,
      Name: name,
      PhysicalName: name.toUpperCase(),
      Path: path,
      URL: "",
      Definition: xml,
      Properties: 1,
    },
  });
  return {
    geometry: "polygon",
    fields: [
      { name: "UUID", kind: "globalid", required: true },
      { name: "Type", kind: "uuid", required: true },
      text("Name", 160),
      text("PhysicalName", 160),
      text("Path", 260),
      { name: "DatasetSubtype1", kind: "int32" },
      { name: "DatasetSubtype2", kind: "int32" },
      text("DatasetInfo1", 255),
      text("DatasetInfo2", 255),
      text("URL", 255),
      { name: "Definition", kind: "xml" },
      { name: "Documentation", kind: "xml" },
      { name: "ItemInfo", kind: "xml" },
      { name: "Properties", kind: "int32" },
      { name: "Defaults", kind: "binary" },
    ],
    rows: [
      row("", TYPE_IDS.folder, "\\", null),
      row(
        "Workspace",
        TYPE_IDS.workspace,
        "",
        `<DEWorkspace ${SPACES} xsi:type="typens:DEWorkspace"><CatalogPath>\\</CatalogPath><Name/><WorkspaceType>esriLocalDatabaseWorkspace</WorkspaceType><Domains xsi:type="typens:ArrayOfDomain"/><MajorVersion>3</MajorVersion><MinorVersion>0</MinorVersion><BugfixVersion>0</BugfixVersion></DEWorkspace>`,
      ),
      ...datasets.map((dataset) =>
        row(dataset.name, TYPE_IDS[dataset.kind], `\\${dataset.name}`, definition(dataset)),
      ),
    ],
  };
}
