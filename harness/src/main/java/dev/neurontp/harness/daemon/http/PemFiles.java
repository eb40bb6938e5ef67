package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate and its key as most programs have them: two files in PEM (RFC 7468). */
final class PemFiles {
    private static final int MOST_BYTES = 1 << 20;
    private static final String ALIAS = "pem";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    /** PKCS#8 (RFC 5208), without a password. */
    private static final String KEY = "PRIVATE KEY";

    private static final byte[] SOMETHING = "which key signs this".getBytes(StandardCharsets.UTF_8);

    private PemFiles() {}

    /** A keystore with one key, and the password that it has in memory. */
    record Pair(KeyStore keys, String password) {}

    private record Block(String type, ByteBuffer content) {
        byte[] bytes() {
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            return bytes;
        }
    }

    /** How messages name that file. */
    static String certificateFile(Path file) {
        return "the file " + file + " (http.tls_cert_file)";
    }

    private static String keyFile(Path file) {
        return "the file " + file + " (http.tls_key_file)";
    }

    /**
     * Reads both.
     *
     * @param certificate the daemon's own certificate first, then those that lead to an authority
     * @param key of the first certificate
     * @throws IOException with the file, the setting, the reason and the remedy; it quotes nothing of a key
     */
    static Pair read(Path certificate, Path key) throws IOException {
        List<Certificate> chain = chain(certificate);
        PrivateKey own = key(key, chain.getFirst().getPublicKey());
        if (!belongTogether(own, chain.getFirst().getPublicKey())) {
            throw new IOException(keyFile(key) + " is not the key of the first certificate in " + certificate
                    + " (http.tls_cert_file): put the daemon's own certificate first, and its key here");
        }
        String password = UUID.randomUUID().toString();
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(ALIAS, own, password.toCharArray(), chain.toArray(Certificate[]::new));
            return new Pair(keys, password);
        } catch (GeneralSecurityException e) {
            throw new IOException(certificateFile(certificate) + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<Certificate> chain(Path file) throws IOException {
        List<Certificate> chain = new ArrayList<>();
        for (Block block : blocks(file, certificateFile(file))) {
            if (block.type().equals(CERTIFICATE)) {
                try {
                    chain.add(CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.bytes())));
                } catch (GeneralSecurityException e) {
                    throw new IOException(
                            certificateFile(file)
                                    + " holds a certificate that cannot be read: between its BEGIN and its END stands no X.509",
                            e);
                }
            }
        }
        if (chain.isEmpty()) {
            throw new IOException(certificateFile(file) + " holds no certificate in PEM (-----BEGIN CERTIFICATE-----):"
                    + " for PKCS#12 use http.tls_keystore");
        }
        return chain;
    }

    private static PrivateKey key(Path file, PublicKey certified) throws IOException {
        List<Block> blocks = blocks(file, keyFile(file));
        Optional<Block> key =
                blocks.stream().filter(block -> block.type().equals(KEY)).findFirst();
        if (key.isEmpty()) {
            throw new IOException(blocks.stream()
                    .map(Block::type)
                    .filter(type -> type.endsWith(KEY))
                    .findFirst()
                    .map(type ->
                            keyFile(file) + " holds a key as '" + type + "', and it must be PKCS#8 without a password"
                                    + " ('" + KEY + "'): write it anew with openssl pkcs8 -topk8 -nocrypt -in " + file
                                    + " -out NEW")
                    .orElse(keyFile(file) + " holds no key in PEM (-----BEGIN " + KEY + "-----)"));
        }
        try {
            return KeyFactory.getInstance(certified.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(key.get().bytes()));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    keyFile(file) + " holds no key of the kind that the certificate has (" + certified.getAlgorithm()
                            + ")",
                    e);
        }
    }

    private static List<Block> blocks(Path file, String named) throws IOException {
        String text;
        try {
            text = new String(SmallFile.readFollowing(file, MOST_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IOException(named + " cannot be read: " + FileErrors.reason(e), e);
        }
        List<Block> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            try {
                blocks.add(new Block(
                        block.group(1), ByteBuffer.wrap(Base64.getMimeDecoder().decode(block.group(2)))));
            } catch (IllegalArgumentException e) {
                throw new IOException(named + " holds a block '" + block.group(1) + "' that is not base64", e);
            }
        }
        return blocks;
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) throws IOException {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(SOMETHING);
            byte[] signed = signing.sign();
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(certified);
            checking.update(SOMETHING);
            return checking.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "a certificate with a key of the kind " + certified.getAlgorithm()
                            + " cannot be used for TLS here: " + e.getMessage() + "; use EC or RSA",
                    e);
        }
    }
}
