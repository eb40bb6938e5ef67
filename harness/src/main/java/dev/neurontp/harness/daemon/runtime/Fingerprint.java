package dev.neurontp.harness.daemon.runtime;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** What a certificate is known by in a daemon's file. */
public final class Fingerprint {
    private Fingerprint() {}

    /**
     * The SHA-256 of the certificate, 64 hex digits.
     *
     * @throws CertificateEncodingException when it cannot be written as DER
     */
    public static String of(X509Certificate certificate) throws CertificateEncodingException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
