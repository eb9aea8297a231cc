// The app's version, as package.json has it; a test holds them equal.
export const APP_VERSION = "0.1.0";
