package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.Fingerprint;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Accepts the certificates with given fingerprints, and no others. Who signed them and for which name does not matter:
 * the fingerprint came from a file that only our own user can write.
 */
final class PinnedCertificates extends X509ExtendedTrustManager {
    private final List<String> fingerprints;

    PinnedCertificates(List<String> fingerprints) {
        this.fingerprints = List.copyOf(fingerprints);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        if (chain.length == 0 || !fingerprints.contains(Fingerprint.of(chain[0]))) {
            throw new ForeignCertificateException();
        }
        chain[0].checkValidity();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    /** The certificate is none that the daemon's file names. */
    static final class ForeignCertificateException extends CertificateException {
        private static final long serialVersionUID = 1L;

        ForeignCertificateException() {
            super("the certificate is none of those in the daemon's runtime file");
        }
    }
}
