import pkg from '../../package.json' with { type: 'json' }

/** Version of this build, as it stands in package.json. */
export const VERSION: string = pkg.version
