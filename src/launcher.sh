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
if ! command -v node >/dev/null; then
  # On stdout, since Terraform quotes its first line.
  echo "terraform-provider-polyai needs Node.js 20 or later, and there is no node on PATH."
  exit 1
fi
exec node "${file%/*}/main.cjs"
