#!/bin/sh -
# Terraform starts this file. It may be reached by a link to its folder or to itself.
case $0 in
  /*) file=$0 ;;
  *) file=./$0 ;; # so that no path is taken for an option of node
esac
while [ -h "$file" ]; do
  target=$(readlink "$file") || exit
  case $target in
    /*) file=$target ;;
    *) file=${file%/*}/$target ;;
  esac
done
# Loaders in NODE_OPTIONS are for the program of whoever set it: they are found from another folder,
# and may print. Kept is what says whom to trust and how to connect.
set -f
options=
for option in ${NODE_OPTIONS-}; do
  case $option in
    *\"*\"*) ;;
    *\"*) continue ;; # a part of a quoted value with a space, on which Node would end
  esac
  case $option in
    --tls-keylog*) ;;
    --use-*-ca | --tls-* | --openssl-* | --*-fips | --dns-result-order=* | --max-old-space-size=*)
      options="$options $option"
      ;;
  esac
done
NODE_OPTIONS=$options
# They print requests with the key, write down what the process does, or bring code of others.
unset NODE_DEBUG NODE_DEBUG_NATIVE NODE_V8_COVERAGE NODE_REDIRECT_WARNINGS NODE_COMPILE_CACHE \
  NODE_PATH NODE_CHANNEL_FD BUN_CONFIG_VERBOSE_FETCH BUN_INSPECT BUN_OPTIONS
main=${file%/*}/main.cjs
command -v node >/dev/null && exec node "$main" "$@"
# Files of the folder that Terraform runs in must not reach into the provider.
command -v bun >/dev/null && exec bun --config=/dev/null --no-env-file "$main" "$@"
# On stdout, since Terraform quotes its first line.
echo "terraform-provider-polyai needs Node.js 20 or later, and there is no node on PATH."
exit 1
