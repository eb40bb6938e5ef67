package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.OpenFilesLimit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Which certificates are accepted from a daemon. */
final class Trust {
    /** A bundle of all authorities that a browser knows has a quarter of this. */
    private static final int MOST_BYTES = 1 << 20;

    private static final String HERE = "that is trusted here";

    private final Supplier<SSLContext> context;
    private final String whose;

    private Trust(Supplier<SSLContext> context, String whose) {
        this.context = context;
        this.whose = whose;
    }

    /** The authorities that this JDK knows; the name must be the certificate's. */
    static Trust usual() {
        return new Trust(Trust::known, HERE);
    }

    /**
     * Only the certificates that the daemon's own file names, under whatever name: none where it names none, since that
     * daemon has no TLS. To read the authorities that this JDK knows would take longer than to ask it.
     */
    static Trust of(DaemonFile file) {
        return new Trust(() -> with(new PinnedCertificates(file.certificates())), HERE);
    }

    /** Only the authorities whose certificates stand in {@code file} (PEM); the name must be the certificate's. */
    static Trust authorities(Path file) {
        try (InputStream in = new ByteArrayInputStream(SmallFile.readNamed(file, MOST_BYTES))) {
            KeyStore known = KeyStore.getInstance("PKCS12");
            known.load(null, null);
            for (X509Certificate certificate : current(in, file)) {
                known.setCertificateEntry("ca-" + known.size(), certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(known);
            SSLContext context = with(managers.getTrustManagers());
            return new Trust(() -> context, "in " + ForeignText.of(file.toString()) + " (--ca-file)");
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "no certificate can be read from " + file + " (--ca-file): " + reason(e),
                    "Name a file with the authority's certificate in PEM, which begins with -----BEGIN CERTIFICATE-----",
                    e);
        }
    }

    /** In our words: Java's have names of its classes, and all that stands in the file. */
    private static String reason(Exception problem) {
        return switch (problem) {
            case CertificateNotYetValidException early ->
                "it is not valid yet: " + ForeignText.of(early.getMessage(), ForeignText.NAME);
            case IOException io -> FileErrors.reason(io);
            default -> "what stands there is none";
        };
    }

    /** Java asks no authority for its dates, and a certificate that signed itself is one. */
    private static List<X509Certificate> current(InputStream in, Path file) throws CertificateException {
        List<X509Certificate> current = new ArrayList<>();
        CertificateException outOfDate = new CertificateException("it holds none");
        for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
            try {
                X509Certificate found = (X509Certificate) certificate;
                found.checkValidity();
                current.add(found);
            } catch (CertificateExpiredException | CertificateNotYetValidException e) {
                outOfDate = e;
            }
        }
        if (current.isEmpty() && outOfDate instanceof CertificateExpiredException) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the certificate in " + file + " (--ca-file) is out of date: " + outOfDate.getMessage(),
                    "Fetch the new one. Where it is the daemon's own: give the daemon a new one (http.tls_cert_file or http.tls_keystore).",
                    outOfDate);
        }
        if (current.isEmpty()) {
            throw outOfDate;
        }
        return current;
    }

    private static SSLContext known() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            // It reads a file, for which there may be no descriptor.
            if (OpenFilesLimit.isCauseOf(e)) {
                throw new UncheckedIOException(new IOException(OpenFilesLimit.WORDS, e));
            }
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the file of the authorities that Java knows cannot be read",
                    "Name the certificate of the daemon's authority (PEM) with --ca-file, or correct Java's file"
                            + " (javax.net.ssl.trustStore).",
                    e);
        }
    }

    private static SSLContext with(TrustManager... managers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Which authorities these are, as {@code in FILE (--ca-file)}. */
    String whose() {
        return whose;
    }

    /** Created when it is asked for: a daemon without TLS does without it. */
    SSLContext context() {
        return context.get();
    }
}
