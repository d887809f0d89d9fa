/** `LISEZMOI.txt`: for the person, and for the expert they give the bundle to. */
export function readmeText({
  ref,
  agency,
  stamped,
  acknowledged,
  pieces,
  verifyUrl,
}: {
  ref: string
  agency: string
  stamped: boolean
  acknowledged: boolean
  pieces: boolean
  verifyUrl: string
}): string {
  return `DOSSIER DE PREUVE DU COURRIER ${ref}
Établi par ${agency}.

Commencez par « dossier-de-preuve.pdf » : il raconte, dans l'ordre, qui a fait quoi et quand, ce qui
le prouve, et ce que ce dossier ne prouve pas.

CE QUE CONTIENT LE DOSSIER
  dossier-de-preuve.pdf    le récit, scellé, avec le journal en pièce jointe
  content/lettre.pdf       la lettre, telle qu'elle a été remise ou imprimée
${acknowledged ? "  content/accuse-de-reception.pdf\n                           l'accusé de réception que son destinataire a signé, scellé\n" : ''}${pieces ? '  pieces/                  ce que le journal cite : pieces/0007.png est cité par la ligne 7\n' : ''}  log/events.jsonl         le journal : un événement par ligne, chacun lié au précédent
  tsr/                     ${stamped ? 'les horodatages du tiers, un par événement qui en demande un (RFC 3161)' : "vide : aucune autorité d'horodatage n'était configurée"}
  anchor/                  l'ancrage : la racine de tous les journaux du jour, ${stamped ? 'horodatée, ' : ''}et la preuve
                           que ce journal en fait partie (RFC 6962)
  cert/                    les certificats qui ont servi
  MANIFEST.sha256          l'empreinte de chaque fichier ; MANIFEST.sha256.p7s en est le cachet
  verifier.sh              la vérification, sans aucun logiciel de l'agence

VÉRIFIER
  En ligne, sans rien installer : ${verifyUrl}
  Chez vous : ouvrez le dossier, puis    sh verifier.sh
  (un système Unix, sha256sum et openssl 3 suffisent)

  Pour ne croire l'agence en rien, procurez-vous auprès d'elle et de l'autorité d'horodatage leurs
  certificats, par une autre voie que ce dossier, et donnez-les :
     sh verifier.sh --autorite-horodatage tsa.pem --autorite-cachet cachet.pem

À LA MAIN
  openssl cms -verify -cades -binary -inform DER -in MANIFEST.sha256.p7s -content MANIFEST.sha256 \\
    -CAfile cert/seal-ca.pem -partial_chain -purpose any -out /dev/null
  sha256sum --strict -c MANIFEST.sha256
  h=$(sed -n 1p log/events.jsonl | tr -d '\\n' | sha256sum | cut -c1-64)
${stamped ? '  openssl ts -verify -digest $h -in tsr/0001.tsr -CAfile cert/tsa-ca.pem\n' : ''}  qpdf --check dossier-de-preuve.pdf
  pdfsig -no-ocsp dossier-de-preuve.pdf
`
}
