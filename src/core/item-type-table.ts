// The types of content items that the product knows, grouped by strategy and by the extension of their file. What a
// service needs besides its type (hosted, view, tiled ...) is decided in plan.ts.
import type { Strategy } from "./item.ts";

/** One line per extension: the extension (`-` = none), then the types, separated by commas; a line may go on below. */
export const TYPE_TABLE: Readonly<Record<Strategy, string>> = {
  "download-file": `
    3vr              360 VR Experience
    aprx             AllSource Project, Pro Project
    zip              ArcPad Package, Map Template, Windows Mobile Package, KML Collection, Layer Template,
                     Addin Package, AppBuilder Widget Package, Application SDK, Code Sample,
                     Desktop Application, Desktop Application Template, Experience Builder Widget Package,
                     Form, Insights Workbook Package, Native Application, Native Application Installer,
                     Native Application Template, QuickCapture Project, Geoprocessing Sample,
                     Toolbox Package, CAD Drawing, CSV Collection, Data Package Collection, File Geodatabase,
                     GML, Image Collection, iWork Keynote, iWork Numbers, iWork Pages, Report Template,
                     Shapefile
    bpk              Basemap Package, Mobile Basemap Package
    3ws              CityEngine Web Scene
    nmf              Explorer Map
    3dd              Globe Document
    pagx             Layout
    mxd              Map Document
    mpkx             Map Package, Pro Map Package
    mmpk             Mobile Map Package
    mspk             Mobile Scene Package
    mapx             Pro Map
    -                Pro Presentation, Reality Studio Project, Legend
    rptx             Pro Report
    rptt             Pro Report Template
    ppkx             Project Package
    aptx             Project Template
    pmf              Published Map
    sxd              Scene Document
    nmc              Explorer Layer
    kml              KML
    lyrx             Layer, Layer File, Pro Layer
    lpkx             Layer Package, Pro Layer Package
    esriaddinx       ArcGIS Pro Add In
    proconfigx       ArcGIS Pro Configuration
    esriaddin        Desktop Add In
    eaz              Explorer Add In, Windows Viewer Add In
    ipynb            Notebook
    opdashboardaddin Operations Dashboard Add In
    surveyaddin      Survey123 Add In
    wcfg             Windows Viewer Configuration
    arcade           Arcade Module
    gpkx             Geoprocessing Package
    gcpk             Locator Package
    wpk              Workflow Manager Package
    3tz              3DTiles Package
    csv              Administrative Report, CSV
    parquet          Apache Parquet
    tpkx             Compact Tile Package
    dlpk             Deep Learning Package
    ecs              Esri Classification Schema
    ecd              Esri Classifier Definition
    epk              Export Package, Living Atlas Export Package
    geojson          GeoJson
    gpkg             GeoPackage
    jpg              Image
    msd              Map Service Definition
    xlsx             Microsoft Excel
    pptx             Microsoft Powerpoint
    vsdx             Microsoft Visio
    docx             Microsoft Word
    nc               netCDF
    pdf              PDF
    rpk              Rule Package, Rules Package
    slpk             Scene Package, Scene Package Part
    sd               Service Definition
    geodatabase      SQLite Geodatabase
    sdcx             Statistical Data Collection
    tpk              Tile Package
    vtpk             Vector Tile Package
    vsd              Visio Document
    stylx            Desktop Style
    esriTasks        Task File
  `,
  "json+resources": `
    json             Map Area, Web Link Chart, Web Map, Web Scene, XR Experience, Feature Collection,
                     Feature Collection Template, Feed, Group Layer, Knowledge Graph Layer, Media Layer,
                     Oriented Imagery Catalog, Relational Database Connection, WMS, WMTS, Activity,
                     App Bundle, AppBuilder Extension, Application, Application Configuration, Dashboard,
                     Deep Learning Studio Project, Discussion, Earth Configuration, Event,
                     Excalibur Imagery Project, Experience Builder Widget, GeoBIM Application,
                     GeoBIM Project, Hub Event, Hub Initiative, Hub Initiative Template, Hub Page,
                     Hub Project, Hub Site Application, Indoors Map Configuration,
                     Insights Data Engineering Model, Insights Data Engineering Workbook, Insights Model,
                     Insights Page, Insights Script, Insights Theme, Insights Workbook, Investigation,
                     IPS Configuration, Knowledge Graph Web Investigation, Knowledge Studio Project, Mission,
                     Mission Report, Mission Template, Mobile Application, Operation View,
                     Operations Dashboard Extension, Ortho Mapping Project, Ortho Mapping Template,
                     Reality Mapping Project, Site Application, Site Initiative, Site Page, SMX Item,
                     SMX Map, SMX Theme, Solution, StoryMap, StoryMap Theme, Urban Model, Urban Project,
                     Viewer Configuration, Web AppBuilder Widget, Web Experience, Web Experience Template,
                     Web Mapping Application, Workforce Project, Analysis Model, Big Data Analytic,
                     Data Pipeline, Kernel Gateway Connection, Notebook Code Snippet Library,
                     Notebook Code Snippets, Real Time Analytic, Suitability Model, Workflow, Document Link,
                     Color Set, Content Category Set, Style, Symbol Set
    rft.xml          Raster function template
  `,
  "skip-reference": `
    -                3DTiles Service, Big Data File Share, Data Store, Datastore catalog service,
                     Elevation Layer, Geodata Service, Globe Service, Image Service, Knowledge Graph,
                     OGCFeatureServer, Stream Service, Symbol Service, Video Service, WCS, WFS,
                     Geocoding Service, Geoenrichment Service, Geometry Service, Geoprocessing Service,
                     Network Analysis Service, Tool, Workflow Manager Service, Server
  `,
  "export-fgdb": `
    zip              Feature Service
  `,
  "export-tiles": `
    tpkx             Map Service
  `,
  "export-scene-package": `
    slpk             Scene Service
  `,
  "export-vector-tiles": `
    vtpk             Vector Tile Service
  `,
  "skip-no-value": `
    -                API Key, Featured Items, User License Type Extension
    zip              Code Attachment, Replication Package
  `,
};
