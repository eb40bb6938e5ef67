package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.console.CommandException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.PKIXReason;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told of a certificate, in our words: Java's have names of its classes. */
class TlsErrorsTest {
    @TempDir
    private Path folder;

    @AfterEach
    void close() throws InterruptedException {
        Daemon.closeAll();
    }

    private CommandException told(Throwable cause) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "x".repeat(64));
        Daemon daemon = new Daemon(URI.create("https://h:1"), Token.named(token), null, Trust.usual());
        Throwable seen = new SSLHandshakeException("PKIX path validation failed: " + cause).initCause(cause);
        return TlsErrors.of(daemon, seen).orElseThrow();
    }

    /** As the JDK has it: its own exception around that of the path, whose class stands in the text. */
    private static CertificateException path(String words, Reason reason) {
        CertPathValidatorException path = new CertPathValidatorException(words, null, null, -1, reason);
        return new CertificateException("PKIX path validation failed: " + path, path);
    }

    @Test
    void anAuthorityOfTheSameNameWithAnotherKeyHasNotSignedIt() throws IOException {
        for (Reason reason : new Reason[] {PKIXReason.NO_TRUST_ANCHOR, BasicReason.INVALID_SIGNATURE}) {
            CommandException told = told(path("it does not chain", reason));
            assertThat(told).hasMessageEndingWith("is signed by no authority that is trusted here");
            assertThat(told.next()).contains("--ca-file", "copy it again");
        }
    }

    @Test
    void aCertificateThatJavaDoesNotTakeIsNoWrongName() throws IOException {
        CommandException told =
                told(path("Algorithm constraints check failed on MD5withRSA", BasicReason.ALGORITHM_CONSTRAINED));
        assertThat(told).hasMessageEndingWith("is refused: Algorithm constraints check failed on MD5withRSA");
        assertThat(told.next()).contains("http.tls_cert_file").doesNotContain("--host");
    }

    @Test
    void aWrongNameIsToldAsOne() throws IOException {
        CommandException told = told(new CertificateException("No name matching h found"));
        assertThat(told).hasMessageEndingWith("is refused: No name matching h found");
        assertThat(told.next()).contains("--host https://NAME:PORT");
    }
}
