// A real OpenID Connect provider (oidc-provider) for the tests of sign-in; it listens on the loopback only.
// node provider.mjs <port> <redirect uri> <folder with node_modules>. Accounts are invented: whatever is typed as login becomes the subject,
// "unverified…" has an address that nobody proved.
import { pathToFileURL } from 'node:url'
import { createRequire } from 'node:module'

const [port, redirectUri, packages] = process.argv.slice(2)
// The packages are installed beside a copy of the lock file in the data folder, not here.
const { default: Provider } = await import(
  pathToFileURL(createRequire(`${packages}/package.json`).resolve('oidc-provider')).href
)

const provider = new Provider(`http://127.0.0.1:${port}`, {
  // The second client is answered with signed tokens instead of plain objects, as ProConnect does.
  clients: ['pavillon', 'pavillon-signed'].map((id) => ({
    client_id: id,
    client_secret: 'a-secret-of-the-tests',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    ...(id.endsWith('signed') && { userinfo_signed_response_alg: 'RS256' }),
  })),
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name', 'name'] },
  scopes: ['openid', 'email', 'profile'],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, jwtUserinfo: { enabled: true } },
  async findAccount(ctx, id) {
    return {
      accountId: id,
      claims: () => ({
        sub: id,
        email: id,
        email_verified: !id.startsWith('unverified'),
        given_name: 'Given',
        family_name: 'Family',
        name: 'Given Family',
      }),
    }
  },
})

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
