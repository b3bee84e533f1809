#!/bin/sh
# Answers curl in plain text and browsers in HTML.
peer=${REMOTE_ADDR#\[::ffff:}
peer=${peer%]}
address=$(ip -4 -o addr show dev eth0 2>/dev/null | awk '{sub("/.*", "", $4); print $4}')
facts() {
  echo "pod        ${POD_NAMESPACE:+$POD_NAMESPACE/}${POD_NAME:-$(hostname)}"
  echo "address    ${address:-none}"
  echo "node       ${NODE_NAME:-unknown}"
  echo "kernel     $(uname -r), of this pod alone"
  echo "up         $(cut -d. -f1 /proc/uptime) s"
  echo "you        $peer"
}
echo "hello: $REQUEST_METHOD $REQUEST_URI from $peer" >&2
case $HTTP_ACCEPT in
  *text/html*)
    printf 'Content-Type: text/html; charset=utf-8\r\n\r\n'
    cat <<HTML
<!doctype html><title>Hello from $(hostname)</title>
<style>body{font:16px/1.6 system-ui;margin:12vh auto;max-width:36rem}pre{background:#f3f5f7;padding:1rem;border-radius:.5rem}</style>
<h1>Hello from your own virtual machine</h1><pre>$(facts)</pre>
HTML
    ;;
  *)
    printf 'Content-Type: text/plain; charset=utf-8\r\n\r\nHello from your own virtual machine.\n'
    facts
    ;;
esac
