#!/bin/sh
# Vérifie ce dossier de preuve sans rien d'autre qu'un shell, sha256sum et openssl (3.0 ou plus).
#
#   sh verifier.sh [--autorite-horodatage FICHIER.pem] [--autorite-cachet FICHIER.pem]
#
# Sans option, les certificats sont ceux que le dossier apporte (cert/). Pour ne pas le croire sur
# parole, donnez ceux que vous avez obtenus vous-même de l'autorité d'horodatage et de l'agence.
# Fin : 0 si rien ne manque ni ne diffère, 1 sinon, 2 si la vérification n'a pas pu se faire.

set -u
LC_ALL=C
export LC_ALL

absolu() { case "$1" in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }

tsa_ca=
seal_ca=
while [ $# -gt 0 ]; do
  case "$1" in
    --autorite-horodatage) tsa_ca=$(absolu "${2:?}"); shift 2 ;;
    --autorite-cachet) seal_ca=$(absolu "${2:?}"); shift 2 ;;
    *) echo "Option inconnue : $1" >&2; exit 2 ;;
  esac
done
cd "$(dirname "$0")" || exit 2
for outil in openssl sha256sum sed cut tr grep find mktemp; do
  command -v "$outil" >/dev/null || { echo "Il manque l'outil $outil." >&2; exit 2; }
done
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

problemes=0
probleme() { problemes=$((problemes + 1)); printf 'PROBLEME   %s\n' "$1"; }
bon() { printf 'bon        %s\n' "$1"; }

horodatage_attendu=non
if [ -n "$tsa_ca" ]; then
  horodatage_attendu=oui
  [ -f cert/tsa-ca.pem ] || probleme "cert/tsa-ca.pem manque : le dossier se présente comme s'il n'était pas horodaté"
elif [ -f cert/tsa-ca.pem ]; then
  horodatage_attendu=oui
  tsa_ca=cert/tsa-ca.pem
fi
[ -n "$seal_ca" ] || seal_ca=cert/seal-ca.pem

hachage() { sha256sum | cut -c1-64; }

# Le jour julien d'une date, pour compter des jours. Les zéros de tête feraient lire de l'octal.
jour() {
  y=$1 m=${2#0} d=${3#0}
  a=$(((14 - m) / 12))
  y=$((y + 4800 - a))
  m=$((m + 12 * a - 3))
  echo $((d + (153 * m + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400))
}

# Le moment que dit un jeton, tel qu'openssl l'écrit : Nov 29 04:54:15 2026 GMT
moment() { openssl ts -reply "$@" -text 2>/dev/null | sed -n 's/^Time stamp: //p'; }

jour_de() {
  set -- $1
  case "$1" in
    Jan) m=1 ;; Feb) m=2 ;; Mar) m=3 ;; Apr) m=4 ;; May) m=5 ;; Jun) m=6 ;;
    Jul) m=7 ;; Aug) m=8 ;; Sep) m=9 ;; Oct) m=10 ;; Nov) m=11 ;; Dec) m=12 ;;
    *) echo 0; return ;;
  esac
  jour "$4" "$m" "$2"
}

echo '1. Le manifeste et son cachet'
if openssl cms -verify -cades -binary -inform DER -in MANIFEST.sha256.p7s -content MANIFEST.sha256 \
  -CAfile "$seal_ca" -partial_chain -purpose any -no_check_time -out /dev/null 2>"$tmp/cms"; then
  bon 'le cachet du manifeste est valide'
else
  probleme "le cachet du manifeste n'est pas valide : $(tail -n 1 "$tmp/cms")"
fi

jour_cachet=0
if [ "$horodatage_attendu" = oui ]; then
  openssl asn1parse -inform DER -in MANIFEST.sha256.p7s >"$tmp/asn1" 2>/dev/null
  signature=$(sed -n 's/^ *\([0-9]*\):d=5 .*prim: OCTET STRING.*/\1/p' "$tmp/asn1" | head -n 1)
  jeton=$(sed -n '/:id-smime-aa-timeStampToken/,$p' "$tmp/asn1" | sed -n 's/^ *\([0-9]*\):d=8 .*cons: SEQUENCE.*/\1/p' | head -n 1)
  if [ -n "$signature" ] && [ -n "$jeton" ]; then
    openssl asn1parse -inform DER -in MANIFEST.sha256.p7s -strparse "$signature" -out "$tmp/signature" -noout >/dev/null 2>&1
    openssl asn1parse -inform DER -in MANIFEST.sha256.p7s -strparse "$jeton" -out "$tmp/jeton" -noout >/dev/null 2>&1
    if openssl ts -verify -data "$tmp/signature" -token_in -in "$tmp/jeton" -CAfile "$tsa_ca" -no_check_time >/dev/null 2>&1; then
      moment_cachet=$(moment -token_in -in "$tmp/jeton")
      jour_cachet=$(jour_de "$moment_cachet")
      bon "le cachet a été horodaté : $moment_cachet"
    else
      probleme "l'horodatage du cachet n'est pas valide"
    fi
  else
    probleme "le cachet n'est pas horodaté"
  fi
fi

echo '2. Les fichiers'
if grep -q -v -E '^[0-9a-f]{64}  [A-Za-z0-9._/-]+$' MANIFEST.sha256 || grep -q '\.\.' MANIFEST.sha256; then
  probleme 'le manifeste est mal formé'
elif sha256sum --strict --quiet -c MANIFEST.sha256 >"$tmp/sommes" 2>&1; then
  bon 'chaque fichier est celui du manifeste'
else
  while IFS= read -r ligne; do probleme "$ligne"; done <"$tmp/sommes"
fi
find . -type f | sed 's|^\./||' | sort >"$tmp/presents"
while IFS= read -r fichier; do
  case "$fichier" in MANIFEST.sha256 | MANIFEST.sha256.p7s) continue ;; esac
  cut -c67- MANIFEST.sha256 | grep -q -x -F "$fichier" || probleme "$fichier n'est pas au manifeste"
done <"$tmp/presents"

echo '3. Le journal et ses horodatages'
# Une empreinte que la ligne donne dans ses propres données ; dans un texte, ses guillemets seraient échappés.
donnee() { printf '%s' "$ligne" | sed -n "s/.*\"data\":{[^}]*\"$1\":\"\([0-9a-f]\{64\}\)\".*/\1/p"; }
lettre=$(hachage <content/lettre.pdf)
pieces=0
avant=0000000000000000000000000000000000000000000000000000000000000000
rang=0
attendus=0
reference=
while IFS= read -r ligne || [ -n "$ligne" ]; do
  rang=$((rang + 1))
  empreinte=$(printf '%s' "$ligne" | hachage)
  ici="ligne $rang"
  case "$ligne" in
    *"\"sha256\":\"$lettre\"},\"prev\":\"$avant\",\"seq\":$rang,"*',"v":1}') ;;
    *) probleme "$ici : elle ne suit pas la précédente, ou parle d'une autre lettre" ;;
  esac
  ref=$(printf '%s' "$ligne" | sed -n 's/.*"letter":{"id":[0-9]*,"ref":"\([^"]*\)","sha256".*/\1/p')
  [ -n "$reference" ] || reference=$ref
  [ "$ref" = "$reference" ] || probleme "$ici : elle parle d'un autre courrier"
  jeton=$(printf 'tsr/%04d.tsr' "$rang")
  case "$ligne" in
    *",\"seq\":$rang,\"tsa\":true,\"type\":"*)
      attendus=$((attendus + 1))
      if [ ! -f "$jeton" ]; then
        probleme "$ici : son horodatage manque ($jeton)"
      elif openssl ts -verify -digest "$empreinte" -in "$jeton" -CAfile "$tsa_ca" -no_check_time >/dev/null 2>&1; then
        quand=$(moment -in "$jeton")
        dit=$(printf '%s' "$ligne" | sed -n 's/.*"at":"\([0-9]\{4\}\)-\([0-9][0-9]\)-\([0-9][0-9]\)T[0-9:.]*Z","[cd].*/\1 \2 \3/p')
        ecart=0
        # shellcheck disable=SC2086
        [ -z "$dit" ] || ecart=$(($(jour_de "$quand") - $(jour $dit)))
        case "$ligne" in *'"clock":"simulated"'*) ecart=0 ;; esac
        [ "$ecart" -ge -1 ] || probleme "$ici : elle se dit postérieure à son horodatage ($quand)"
        [ "$ecart" -le 8 ] || probleme "$ici : elle n'a été horodatée que $ecart jours plus tard ($quand)"
        bon "$ici horodatée : $quand"
      else
        probleme "$ici : son horodatage n'est pas valide ($jeton)"
      fi
      ;;
    *) [ ! -f "$jeton" ] || probleme "$ici : un horodatage qu'elle n'annonce pas ($jeton)" ;;
  esac
  piece=
  case "$ligne" in
    *'"type":"letter.signed","v":1}') piece=$(donnee imageSha256) ;;
    *'"type":"proof.received","v":1}') piece=$(donnee sha256) ;;
  esac
  if [ -n "$piece" ]; then
    pieces=$((pieces + 1))
    # shellcheck disable=SC2046
    set -- $(printf 'pieces/%04d.' "$rang")*
    if [ $# -ne 1 ] || [ ! -f "$1" ]; then
      probleme "$ici : la pièce qu'elle cite manque"
    elif [ "$(hachage <"$1")" != "$piece" ]; then
      probleme "$ici : la pièce n'est pas celle qu'elle cite ($1)"
    else
      bon "$ici : la pièce $1 est celle qu'elle cite"
    fi
  fi
  avant=$empreinte
done <log/events.jsonl
[ "$(grep -c '^pieces/' "$tmp/presents")" -eq "$pieces" ] || probleme 'des pièces ne sont citées par aucune ligne'
jetons=$(grep -c '^tsr/' "$tmp/presents")
[ "$jetons" -le "$attendus" ] || probleme 'des horodatages ne se rapportent à aucune ligne'
[ "$rang" -gt 0 ] || probleme 'le journal est vide'
bon "$rang ligne(s) ; empreinte de la dernière : $avant"

echo "4. L'ancrage"
octets() {
  h=$1 f=
  while [ -n "$h" ]; do
    reste=${h#??}
    v=$((0x${h%"$reste"}))
    f="$f\\$((v / 64))$((v / 8 % 8))$((v % 8))"
    h=$reste
  done
  # shellcheck disable=SC2059
  printf "$f"
}
noeud() { { printf '\001'; octets "$1"; octets "$2"; } | hachage; }
champ() { sed -n "s/^$1: //p" anchor/proof.txt; }
if [ ! -f anchor/root.bin ] || [ ! -f anchor/proof.txt ]; then
  probleme "l'ancrage manque"
elif grep -q -v -E '^(seq|index|size): [0-9]{1,9}$|^(head|previous|node): [0-9a-f]{64}$|^ref: [^ ]+$' anchor/proof.txt; then
  probleme "la preuve d'ancrage est mal formée"
else
  position=$(champ index)
  dernier=$(($(champ size) - 1))
  racine=$(printf '\000head:%s:%s:%s' "$(champ ref)" "$(champ seq)" "$(champ head)" | hachage)
  trop=non
  for voisin in $(champ node); do
    [ "$dernier" -gt 0 ] || { trop=oui; break; }
    if [ $((position % 2)) -eq 1 ] || [ "$position" -eq "$dernier" ]; then
      racine=$(noeud "$voisin" "$racine")
      while [ $((position % 2)) -eq 0 ] && [ "$position" -ne 0 ]; do
        position=$((position / 2))
        dernier=$((dernier / 2))
      done
    else
      racine=$(noeud "$racine" "$voisin")
    fi
    position=$((position / 2))
    dernier=$((dernier / 2))
  done
  if [ "$trop" = non ] && [ "$dernier" -eq 0 ] && [ "$(octets "$racine" | hachage)" = "$(hachage <anchor/root.bin)" ]; then
    bon "la preuve d'inclusion mène à la racine"
  else
    probleme "la preuve d'inclusion ne mène pas à la racine"
  fi
  if [ "$(champ head)" = "$avant" ] && [ "$(champ seq)" = "$rang" ] && [ "$(champ ref)" = "$reference" ]; then
    bon "la dernière ligne du journal est celle qui a été ancrée"
  else
    probleme "la dernière ligne du journal n'est pas celle qui a été ancrée"
  fi
  if [ "$horodatage_attendu" = oui ]; then
    if [ -f anchor/root.tsr ] && openssl ts -verify -data anchor/root.bin -in anchor/root.tsr -CAfile "$tsa_ca" -no_check_time >/dev/null 2>&1; then
      quand=$(moment -in anchor/root.tsr)
      bon "la racine a été horodatée : $quand"
      [ "$jour_cachet" -eq 0 ] || [ $((jour_cachet - $(jour_de "$quand"))) -le 2 ] ||
        probleme "le dossier a été scellé longtemps après l'ancrage : ce qui a suivi n'y est peut-être pas"
    else
      probleme "l'horodatage de la racine manque ou n'est pas valide"
    fi
  fi
fi

echo '5. Le dossier imprimable'
if grep -a -q "$avant" dossier-de-preuve.pdf; then
  bon 'dossier-de-preuve.pdf porte la dernière empreinte du journal'
else
  probleme "dossier-de-preuve.pdf n'est pas celui de ce journal"
fi

echo
printf "Autorité du cachet : "
openssl x509 -in "$seal_ca" -noout -fingerprint -sha256 2>/dev/null || echo 'illisible'
if [ "$horodatage_attendu" = oui ]; then
  printf "Autorité d'horodatage : "
  openssl x509 -in "$tsa_ca" -noout -fingerprint -sha256 2>/dev/null || echo 'illisible'
else
  echo "Aucune autorité d'horodatage : seule l'agence répond des dates."
fi
if [ "$problemes" -eq 0 ]; then
  echo "RIEN NE MANQUE NI NE DIFFÈRE ($rang événements)."
else
  echo "$problemes PROBLÈME(S)."
  exit 1
fi
