package dev.neurontp.ops.client;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Explains what is wrong with a daemon's certificate. */
final class TlsErrors {
    /** What the JDK says then; its exception has neither a type nor a cause of its own. */
    private static final String CUT_OFF = "terminated the handshake";

    /** Also where an authority has the right name, and another key. */
    private static final Set<CertPathValidatorException.Reason> UNSIGNED =
            Set.of(PKIXReason.NO_TRUST_ANCHOR, BasicReason.INVALID_SIGNATURE);

    private TlsErrors() {}

    /** Whether the other end hung up before TLS was agreed on: it may have ended, or be a program without TLS. */
    static boolean isCutOff(Throwable problem) {
        SSLException tls = cause(problem, SSLException.class);
        return tls != null && String.valueOf(tls.getMessage()).contains(CUT_OFF);
    }

    /** Empty when the problem has nothing to do with TLS. */
    static Optional<CommandException> of(Daemon daemon, Throwable problem) {
        SSLException tls = cause(problem, SSLException.class);
        if (tls == null) {
            return Optional.empty();
        }
        String shown = "the certificate of the daemon at " + daemon;
        CertificateException bad = cause(problem, CertificateException.class);
        if (cause(problem, PinnedCertificates.ForeignCertificateException.class) != null) {
            return failed(
                    shown + " is none of those that its runtime file names",
                    "Somebody else may answer there. Find out who listens: ss -tlnp",
                    problem);
        }
        if (cause(problem, CertificateExpiredException.class) != null) {
            return failed(
                    shown + " is out of date: " + reason(cause(problem, CertificateExpiredException.class)),
                    "Give the daemon a new one (http.tls_cert_file or http.tls_keystore); it sees that by itself.",
                    problem);
        }
        if (cause(problem, CertificateNotYetValidException.class) != null) {
            return failed(
                    shown + " is not valid yet: " + reason(cause(problem, CertificateNotYetValidException.class)),
                    "Compare the clocks of both hosts: date",
                    problem);
        }
        CertPathValidatorException path = cause(problem, CertPathValidatorException.class);
        if (cause(problem, CertPathBuilderException.class) != null
                || (path != null && UNSIGNED.contains(path.getReason()))) {
            return failed(
                    shown + " is signed by no authority " + daemon.trust().whose(),
                    "Name the certificate of its authority (PEM) with --ca-file, or its own when it signed itself."
                            + " Where it was renewed, copy it again.",
                    problem);
        }
        if (path != null) {
            return failed(
                    shown + " is refused: " + reason(path),
                    "Give the daemon another one (http.tls_cert_file or http.tls_keystore); it sees that by itself.",
                    problem);
        }
        if (bad != null) {
            return failed(
                    shown + " is refused: " + reason(bad),
                    "Call the daemon by a name that its certificate has, with --host https://NAME:PORT.",
                    problem);
        }
        // Anything else is a connection that broke, which has another message.
        boolean atItsBeginning =
                tls instanceof SSLHandshakeException || reason(tls).contains("nrecognized SSL message");
        if (!atItsBeginning) {
            return Optional.empty();
        }
        return failed(
                "no TLS with the daemon at " + daemon + ": " + reason(tls),
                "If it does not speak TLS, its address begins with http://, not https://.",
                problem);
    }

    private static <T extends Throwable> T cause(Throwable problem, Class<T> type) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String reason(Throwable problem) {
        return ForeignText.of(
                problem.getMessage() == null ? problem.toString() : problem.getMessage(), ForeignText.MESSAGE);
    }

    private static Optional<CommandException> failed(String message, String next, Throwable cause) {
        return Optional.of(new CommandException(ExitCode.COULD_NOT_RUN, message, next, cause));
    }
}
