// Digital Bazaar's @digitalbazaar/vc with its cryptosuites: issues, presents and verifies.
import * as vc from '@digitalbazaar/vc'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020'
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { checkStatus, createCredential, createList } from '@digitalbazaar/vc-bitstring-status-list'
import { documentLoader } from './documents.mjs'

const SUITES = {
  'eddsa-rdfc-2022': (signer) => new DataIntegrityProof({ signer, cryptosuite: eddsaRdfc2022 }),
  'ecdsa-rdfc-2019': (signer) => new DataIntegrityProof({ signer, cryptosuite: ecdsaRdfc2019 }),
  Ed25519Signature2020: (signer) => new Ed25519Signature2020({ signer }),
}
const suites = () => Object.values(SUITES).map((suite) => suite())

const isFirst = (credential) => credential['@context'][0].endsWith('/credentials/v1')
// In the first data model this library asks for a context of its own for status lists.
const statusOf = (credential) =>
  isFirst(credential) ? async () => ({ verified: true, results: [] }) : checkStatus

const judged = (result) => {
  if (!result.verified) throw result.error ?? result.statusResult?.error ?? new Error('not verified')
  return result
}

// The purposes of whose lists a bit is set; refused when anything else is wrong.
export async function verifyCredential(credential) {
  const checking = { suite: suites(), documentLoader }
  const result = judged(
    await vc.verifyCredential({ credential, checkStatus: statusOf(credential), ...checking }),
  )
  const marked = (result.statusResult?.results ?? []).filter((one) => one.status)
  return { marked: marked.map((one) => one.credentialStatus.statusPurpose) }
}

export async function verifyPresentation({ presentation, challenge, domain }) {
  const checking = { suite: suites(), documentLoader, checkStatus }
  judged(await vc.verify({ presentation, challenge, domain, ...checking }))
  return presentation.verifiableCredential
}

export const issue = ({ credential, signer, cryptosuite }) =>
  vc.issue({ credential, suite: SUITES[cryptosuite](signer), documentLoader })

// A status list in which the indices of `marked` are set.
export async function issueList({ id, purpose, issuer, marked, signer, until }) {
  const list = await createList({ length: 131072 })
  for (const index of marked) list.setStatus(index, true)
  const credential = await createCredential({ id, list, statusPurpose: purpose })
  Object.assign(credential, { issuer, validUntil: until })
  return issue({ credential, signer, cryptosuite: 'eddsa-rdfc-2022' })
}

// What a holder proves with: the suite of its key, or the one of the first data model.
const presentingSuite = (credential, { algorithm }) =>
  isFirst(credential)
    ? 'Ed25519Signature2020'
    : { Ed25519: 'eddsa-rdfc-2022', 'P-256': 'ecdsa-rdfc-2019' }[algorithm]

export function present({ credentials, holder, signer, challenge, domain }) {
  const [first] = credentials
  const version = isFirst(first) ? 1.0 : 2.0
  const presentation = vc.createPresentation({ verifiableCredential: credentials, holder, version })
  const suite = SUITES[presentingSuite(first, signer)](signer)
  return vc.signPresentation({ presentation, suite, challenge, domain, documentLoader })
}
