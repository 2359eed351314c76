// A real OpenID Connect provider (oidc-provider) for the tests of sign-in; it listens on the loopback only.
// node provider.mjs <port> <redirect uri> <folder with node_modules> <public key of ours, JWK> <address for back-channel logout>
// Accounts are invented: whatever is typed as login becomes the subject, "unverified…" has an address that nobody proved,
// "weak…" signs in at no level of assurance, all others at eidas2.
import { pathToFileURL } from 'node:url'
import { createRequire } from 'node:module'

const [port, redirectUri, packages, ourKey, backChannel] = process.argv.slice(2)
// The packages are installed beside a copy of the lock file in the data folder, not here.
const { default: Provider } = await import(
  pathToFileURL(createRequire(`${packages}/package.json`).resolve('oidc-provider')).href
)

const provider = new Provider(`http://127.0.0.1:${port}`, {
  // The second client is answered with signed tokens instead of plain objects, and the third proves itself by a key,
  // both as ProConnect does.
  clients: ['pavillon', 'pavillon-signed', 'pavillon-key'].map((id) => ({
    client_id: id,
    ...(id.endsWith('key')
      ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [JSON.parse(ourKey)] } }
      : { client_secret: 'a-secret-of-the-tests' }),
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: ['http://testserver/account/login/'],
    backchannel_logout_uri: backChannel,
    backchannel_logout_session_required: id.endsWith('key'),
    grant_types: ['authorization_code'],
    response_types: ['code'],
    ...(!id.endsWith('n') && { userinfo_signed_response_alg: 'RS256' }),
  })),
  // It refuses to call the loopback, where the tests are.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  acrValues: ['eidas1', 'eidas2'],
  claims: {
    acr: null, sid: null,
    openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name', 'name'], siret: ['siret'],
  },
  scopes: ['openid', 'email', 'profile', 'siret'],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    jwtUserinfo: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
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
        siret: '90000111600018',
      }),
    }
  },
})

const loginAccount = provider.Session.prototype.loginAccount
provider.Session.prototype.loginAccount = function (told) {
  return loginAccount.call(this, { ...told, acr: told.accountId.startsWith('weak') ? undefined : 'eidas2' })
}

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
