import { testStore } from "../../azurite.ts";
import { storeContract } from "./contract.ts";

storeContract("azureBlobStore", async () => (await testStore()).store);
