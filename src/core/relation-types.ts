// Which relations an item of a type can have, so that a portal, which answers for named types only, is not asked for all of
// them (rest-api 8.1). An item is asked for the relations that it is the origin of, and for those whose origin it cannot be
// restored without.

export const RELATION_DIRECTIONS = ["forward", "reverse"] as const;
export type RelationDirection = (typeof RELATION_DIRECTIONS)[number];

/** One relation of an item; `forward`: the item is its origin. */
export interface Relation {
  readonly relationshipType: string;
  readonly direction: RelationDirection;
  /** The other end. */
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly owner: string;
}

interface RelationType {
  readonly name: string;
  /** Types of the origin; `any` = every type. */
  readonly origins: "any" | readonly string[];
  /** Types of the destination that are asked for their origin too. */
  readonly destinations?: readonly string[];
}

const APPS = ["Application", "Web Mapping Application", "Mobile Application", "Native Application"];
const SERVICES = [
  "Feature Service",
  "Map Service",
  "Image Service",
  "Vector Tile Service",
  "Scene Service",
  "3DTiles Service",
  "WFS",
  "OGCFeatureServer",
  "Geocoding Service",
  "Geoprocessing Service",
];

const RELATION_TYPES: readonly RelationType[] = [
  { name: "Item2Attachment", origins: "any" },
  { name: "Item2Report", origins: "any" },
  { name: "Service2Data", origins: SERVICES },
  { name: "Service2Service", origins: SERVICES, destinations: SERVICES },
  { name: "Service2Layer", origins: SERVICES },
  { name: "Service2Style", origins: ["Vector Tile Service"], destinations: ["Style"] },
  { name: "Style2Style", origins: ["Vector Tile Service", "Style"], destinations: ["Style"] },
  { name: "Service2Route", origins: ["Feature Service"] },
  { name: "Map2Service", origins: ["Web Map"] },
  { name: "Map2FeatureCollection", origins: ["Web Map"] },
  { name: "Map2AppConfig", origins: ["Web Map"], destinations: ["Application Configuration"] },
  { name: "Map2Area", origins: ["Web Map"], destinations: ["Map Area"] },
  { name: "Area2Package", origins: ["Map Area"] },
  { name: "Area2CustomPackage", origins: ["Map Area"] },
  { name: "WMA2Code", origins: ["Web Mapping Application"] },
  { name: "MobileApp2Code", origins: ["Mobile Application", "Native Application"] },
  { name: "Survey2Service", origins: ["Form"], destinations: ["Feature Service"] },
  { name: "Survey2Data", origins: ["Form"], destinations: ["Feature Service"] },
  { name: "SurveyAddIn2Data", origins: ["Survey123 Add In"] },
  { name: "Listed2Provisioned", origins: APPS },
  { name: "Solution2Item", origins: ["Solution"] },
  {
    name: "WorkforceMap2FeatureService",
    origins: ["Web Map", "Workforce Project"],
    destinations: ["Feature Service"],
  },
  { name: "TrackView2Map", origins: ["Feature Service"], destinations: ["Web Map"] },
  { name: "Theme2Story", origins: ["StoryMap Theme"], destinations: ["StoryMap"] },
  { name: "WebStyle2DesktopStyle", origins: ["Style"], destinations: ["Desktop Style"] },
  { name: "APIKey2Item", origins: ["API Key", "Application"] },
  { name: "App2DependentApp", origins: [...APPS, "Web Experience", "Dashboard", "StoryMap"] },
  { name: "Data2App", origins: ["Feature Service", "Web Map", "Web Scene"] },
];

/** The types of relations to ask an item of this type for, in the order of the table; never empty for `forward`. */
export function relationTypesOf(type: string, direction: RelationDirection): readonly string[] {
  const isOne = (types: readonly string[] | undefined): boolean =>
    types?.some((each) => each.toLowerCase() === type.toLowerCase()) ?? false;
  return RELATION_TYPES.filter(({ origins, destinations }) =>
    direction === "forward" ? origins === "any" || isOne(origins) : isOne(destinations),
  ).map(({ name }) => name);
}

/** By direction, type and id, whatever order the portal answers in; each once. */
export function sortedRelations(relations: readonly Relation[]): readonly Relation[] {
  const byKey = new Map(
    relations.map((one) => [`${one.direction} ${one.relationshipType} ${one.id}`, one] as const),
  );
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, relation]) => relation);
}
