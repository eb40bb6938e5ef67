package dev.neurontp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** Keystores that keytool makes. */
public final class TestKeystore {
    /** The name of the key in each of them. */
    public static final String ALIAS = "key";

    private TestKeystore() {}

    /**
     * Creates a PKCS#12 keystore with a new key and its self-signed certificate.
     *
     * @param names what the certificate is for, as keytool takes it: {@code dns:localhost,ip:127.0.0.1}
     * @param more further arguments for keytool
     */
    public static Path create(Path file, String password, String commonName, String names, String... more)
            throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = List.of(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                password,
                "-alias",
                ALIAS,
                "-dname",
                "CN=" + commonName,
                "-ext",
                "SAN=" + names);
        Process process = new ProcessBuilder(Programs.concat(command, more))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return file;
    }

    /** The certificate in that keystore, in PEM. */
    public static String certificate(Path keystore, String password) throws IOException, GeneralSecurityException {
        return pem(
                "CERTIFICATE",
                KeyStore.getInstance(keystore.toFile(), password.toCharArray())
                        .getCertificate(ALIAS)
                        .getEncoded());
    }

    /** The key in that keystore, in PEM: PKCS#8 without a password. */
    public static String key(Path keystore, String password) throws IOException, GeneralSecurityException {
        return pem(
                "PRIVATE KEY",
                KeyStore.getInstance(keystore.toFile(), password.toCharArray())
                        .getKey(ALIAS, password.toCharArray())
                        .getEncoded());
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }
}
