type LockedPackage = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

export type LockFile = { readonly packages: Readonly<Record<string, LockedPackage>> };

const EXACT_VERSION = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const OS = /\b(android|darwin|freebsd|linux|openharmony|openbsd|netbsd|sunos|aix|win32)\b/;
const CPU = /\b(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64)\b/;
const LIBC = /(glibc|gnu|musl)/;

/**
 * The entries that `npm ci` would miss: optional packages that a locked package pins exactly, and the lock omits. The
 * platform is read from the name, so that npm skips them elsewhere; there is no hash until npm has seen the package.
 */
export function missingOptionals({ packages }: LockFile): Record<string, LockedPackage> {
  const missing: Record<string, LockedPackage> = {};
  for (const { optionalDependencies = {}, dev } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const key = `node_modules/${name}`;
      if (packages[key] !== undefined || !EXACT_VERSION.test(version)) continue;
      missing[key] = { version, ...platformOf(name), ...(dev === true && { dev }), optional: true };
    }
  }
  return missing;
}

function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const platform = name.replace(/^@[^/]+\//, '');
  const os = OS.exec(platform)?.[1];
  const cpu = CPU.exec(platform)?.[1];
  const libc = os === 'linux' ? LIBC.exec(platform)?.[1] : undefined;
  return {
    ...(cpu !== undefined && { cpu: [cpu] }),
    ...(libc !== undefined && { libc: [libc === 'musl' ? 'musl' : 'glibc'] }),
    ...(os !== undefined && { os: [os] }),
  };
}
