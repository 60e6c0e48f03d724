// The app's version, as every act names it; the same as in package.json.

export const APP = "2026.11.1";
