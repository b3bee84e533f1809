package io.hypernetes.installation;

import io.hypernetes.identity.pki.KeyedCertificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder with what a machine needs to answer admission reviews over TLS: this machine's openssl
 * with its libraries for the wire, a shell script for the words. It says no to what has the word
 * "unwanted" in it, and which kernel says so. To a probe it says that it lives.
 */
final class TlsServer {
    static final int PORT = 8443;

    /** Where the folder is to be in the machine. */
    static final String PLACE = "/srv/server";

    /** One connection after the other; the pipe is open as long as the script is. */
    private static final String SERVE =
            """
            export OPENSSL_CONF=/dev/null
            mkfifo /tmp/answers
            /srv/server/loader --library-path /srv/server /srv/server/openssl s_server -quiet \\
              -accept %d -cert /srv/server/tls.crt -key /srv/server/tls.key </tmp/answers |
              sh /srv/server/answer >/tmp/answers
            """
                    .formatted(PORT);

    private static final String ANSWER =
            """
            cr=$(printf '\\r')
            boot=$(cat /proc/sys/kernel/random/boot_id)
            while :; do
              length=0
              first=
              while IFS= read -r line; do
                first=${first:-$line}
                line=${line%"$cr"}
                [ -n "$line" ] || break
                case $line in [Cc]ontent-[Ll]ength:*) length=${line#*: } ;; esac
              done
              [ -n "$first" ] || exit 0
              if [ "$length" = 0 ]; then
                printf 'HTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n'
                continue
              fi
              body=$(head -c "$length")
              echo asked >>/srv/asked
              uid=$(printf %s "$body" | grep -o '"uid":"[^"]*"' | head -n 1)
              case $body in *unwanted*) allowed=false ;; *) allowed=true ;; esac
              answer="{\\"apiVersion\\":\\"admission.k8s.io/v1\\",\\"kind\\":\\"AdmissionReview\\",\\"response\\":{$uid,\\"allowed\\":$allowed,\\"status\\":{\\"message\\":\\"so says kernel $boot\\"}}}"
              printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n%s' \\
                ${#answer} "$answer"
            done
            """;

    private TlsServer() {}

    static void pack(Path folder, KeyedCertificate certificate) throws IOException {
        Files.createDirectories(folder);
        Path openssl = Path.of("/usr/bin/openssl");
        Files.copy(openssl, folder.resolve("openssl"));
        for (String line :
                NodeCloud.run("", List.of("ldd", openssl.toString())).text().split("\n")) {
            int slash = line.indexOf('/');
            if (slash >= 0) {
                Path library = Path.of(line.substring(slash, line.indexOf(" (", slash)));
                String name = library.getFileName().toString();
                Files.copy(
                        library.toRealPath(),
                        folder.resolve(name.startsWith("ld-linux") ? "loader" : name));
            }
        }
        Files.writeString(folder.resolve("serve"), SERVE);
        Files.writeString(folder.resolve("answer"), ANSWER);
        Files.writeString(folder.resolve("tls.crt"), certificate.certificatePem());
        Files.writeString(folder.resolve("tls.key"), certificate.keyPem());
    }
}
