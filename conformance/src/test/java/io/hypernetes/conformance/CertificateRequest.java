package io.hypernetes.conformance;

import io.hypernetes.identity.pki.CertificateAuthority;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;

/** What a CertificateSigningRequest carries, base64 over PEM. */
final class CertificateRequest {
    private CertificateRequest() {}

    /** PKCS #10 of "CN=e2e" with an EC key, made once; its key is thrown away. */
    static String pem() {
        return PEM;
    }

    static String certificate() {
        return Base64.getEncoder()
                .encodeToString(
                        CertificateAuthority.inMemory(Clock.systemUTC())
                                .certificatePem()
                                .getBytes(StandardCharsets.UTF_8));
    }

    private static final String PEM =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlITE1IUUNBUUF3RWpFUU1BNEdBMVVFQXd3SFpYaGhiWEJzWlRCWk1CTUdCeXFHU000OUFnRUdDQ3FHU000OQpBd0VIQTBJQUJOWXRhbE9keTVuNmhhMWxnYzI4YlpkKzBnUExkN3J2Zi95elRMd1E5eWdoVEM0MjNLL2trQkRUCmIwUVpiMThybHk3bDAyTlk2UmNHSXRyYTdvTVpnd3FnQURBS0JnZ3Foa2pPUFFRREFnTkhBREJFQWlBZE80OWYKeHlVWU5Hd0hzSGZSQ29YYjF0T0RBaE5UZGhNRWYyeGZNNXU2b3dJZ1VUUzlza09aRlE0c1RVKyt3eWdWUjNvawp1TnpZd0xtODlxQThEVHpUT2Z3PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";
}
