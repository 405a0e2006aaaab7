/**
 * `algo up --env`: the variables with which AWS's clients find the server, as lines of a shell, and the lines that undo them.
 * Some programs prefer a proxy's variable in lower case (curl and Python), some in upper case (Go), so there are both.
 */
import { assignment, comment, removal, type Shell } from './shell.js';

export interface ClientOptions {
  readonly url: string;
  readonly region: string;
  readonly dataFolder: string;
  /** Also for clients that have AWS's addresses built in: the server as their proxy, and its authority. */
  readonly proxy: boolean;
}

/** Lines that set the variables, then a comment that says how to undo them. @param own the variables of the shell */
export async function settingLines(shell: Shell, options: ClientOptions, own: NodeJS.ProcessEnv): Promise<string> {
  const lines = Object.entries(await clientVariables(options, own)).map(([name, value]) =>
    assignment(shell, name, value),
  );
  const host = hostOf(options.url);
  const command = [
    ...['npx algo up --env', shell],
    ...(NEVER_BY_PROXY.includes(host) ? [] : ['--host', host]),
    ...(options.proxy ? [] : ['--no-proxy']),
    '--unset',
  ].join(' ');
  return [...lines, comment(`"${command}" prints what undoes this.`)].join('\n');
}

/** Lines that remove the same variables. Hosts in NO_PROXY that are the user's own stay. */
export async function unsettingLines(shell: Shell, options: ClientOptions, own: NodeJS.ProcessEnv): Promise<string> {
  const { noProxyEntries } = await import('@algo/api');
  const left = noProxyEntries(own).filter((entry) => ![...NEVER_BY_PROXY, hostOf(options.url)].includes(entry));
  const lines = Object.keys(await clientVariables(options, own)).map((name) =>
    /^no_proxy$/i.test(name) && left.length > 0 ? assignment(shell, name, left.join(',')) : removal(shell, name),
  );
  return lines.join('\n');
}

/** The user's own proxies that the variables replace, as `NAME=URL` without a password. */
export function replacedProxies({ url, proxy }: ClientOptions, own: NodeJS.ProcessEnv): readonly string[] {
  if (!proxy) return [];
  return PROXY_NAMES.flatMap((name) => {
    const value = own[name];
    return value && value !== url ? [`${name}=${value.replace(/^([a-z0-9]+:\/\/)?.*@/i, '$1')}`] : [];
  });
}

// --- internal ---

const PROXY_NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'] as const;
/** This machine, and where programs on AWS's instances and containers ask for credentials. */
const NEVER_BY_PROXY: readonly string[] = ['127.0.0.1', 'localhost', '::1', '169.254.169.254', '169.254.170.2'];

/**
 * The keys are any: the server reads signatures and has nothing to verify them with. A variable that replaces what a client
 * trusts gets the bundle, which has the public authorities too.
 */
export async function clientVariables(
  options: ClientOptions,
  own: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, string>>> {
  const { authorityFiles, coversAws, noProxyEntries } = await import('@algo/api');
  const { url, region, dataFolder, proxy } = options;
  const { certificate, bundle } = authorityFiles(dataFolder);
  // Past the proxy, AWS's names are AWS's.
  const kept = noProxyEntries(own).filter((entry) => !(proxy && coversAws(entry)));
  const noProxy = [...new Set([...NEVER_BY_PROXY, hostOf(url), ...kept])].join(',');
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    ...(proxy && Object.fromEntries(PROXY_NAMES.map((name) => [name, url]))),
    ...(proxy && {
      AWS_CA_BUNDLE: bundle,
      REQUESTS_CA_BUNDLE: bundle,
      SSL_CERT_FILE: bundle,
      CURL_CA_BUNDLE: bundle,
      NODE_EXTRA_CA_CERTS: certificate,
    }),
  };
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
