package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.TestKeystore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code neuron} behind TLS, and the real {@code tpctl}: whose certificate it takes, and what it says of others. */
@Tag("long")
class TlsIT {
    private static final String PASSWORD = "secret-of-the-store";

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    /** Keys are made once for all tests here. */
    @TempDir
    private static Path keys;

    /** A key and its self-signed certificate; the certificate also in PEM, next to it. */
    private static Path keystore(String name, String... more) throws Exception {
        Path file = keys.resolve(name + ".p12");
        if (Files.exists(file)) {
            return file;
        }
        TestKeystore.create(file, PASSWORD, name, "dns:localhost", more);
        Files.writeString(pem(name), TestKeystore.certificate(file, PASSWORD));
        return file;
    }

    private static Path pem(String name) {
        return keys.resolve(name + ".pem");
    }

    private LiveDaemonFixture.Live daemon(Path keystore, String password) throws IOException {
        Path config = Files.writeString(site.folder().resolve("neuron.toml"), """
                http.tls_keystore = "%s"
                http.tls_password_file = "%s"
                pools.communicator = "loopback"
                """.formatted(
                        keystore, Files.writeString(site.folder().resolve("password"), password + "\n")));
        return site.neuron("--config", config.toString(), "--port", "0");
    }

    /** The daemon's address under a name that its certificate has. */
    private static String named(LiveDaemonFixture.Live daemon) {
        String url = daemon.said().lines().findFirst().orElseThrow().substring("url=".length());
        assertThat(url).startsWith("https://127.0.0.1:");
        return url.replace("127.0.0.1", "localhost");
    }

    private CommandResult asked(String host, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "ls",
                "--host",
                host,
                "--token-file",
                site.runtime().resolve("token").toString()));
        arguments.addAll(List.of(more));
        return site.call(arguments.toArray(String[]::new));
    }

    @Test
    void aDaemonOfThisHostIsTrustedByItsRuntimeFileAndOneThatIsNamedByItsAuthority() throws Exception {
        LiveDaemonFixture.Live daemon = daemon(keystore("node-1"), PASSWORD).awaiting("status=listening");
        CommandResult own = site.tpctl("ls");
        assertThat(own.code()).as(own.all()).isZero();
        assertThat(own.err()).contains("No pool that lives");

        String host = named(daemon);
        CommandResult named = asked(host, "--ca-file", pem("node-1").toString());
        assertThat(named.code()).as(named.all()).isZero();
        assertThat(named.err()).contains("No pool that lives");

        CommandResult unknown = asked(host);
        assertThat(unknown.code()).as(unknown.all()).isEqualTo(3);
        assertThat(unknown.err()).contains("the certificate of the daemon at " + host, "no authority", "--ca-file");

        keystore("node-2");
        CommandResult foreign = asked(host, "--ca-file", pem("node-2").toString());
        assertThat(foreign.code()).isEqualTo(3);
        assertThat(foreign.err()).contains("signed by no authority in " + pem("node-2") + " (--ca-file)");

        String number = host.replace("localhost", "127.0.0.1");
        CommandResult otherName = asked(number, "--ca-file", pem("node-1").toString());
        assertThat(otherName.code()).as(otherName.all()).isEqualTo(3);
        assertThat(otherName.err()).contains("127.0.0.1", "a name that its certificate has");

        CommandResult noFile =
                asked(host, "--ca-file", site.folder().resolve("none.pem").toString());
        assertThat(noFile.code()).isEqualTo(2);
        assertThat(noFile.err())
                .contains("no certificate can be read from " + site.folder().resolve("none.pem"));

        CommandResult plain = asked(host.replace("https", "http"));
        assertThat(plain.code()).isEqualTo(3);
        assertThat(plain.err()).contains("https://").doesNotContain("\tat ");
        assertThat(own.all() + unknown.all() + foreign.all() + otherName.all() + plain.all())
                .doesNotContain("Exception");
    }

    /** The daemon has a new key and the same name, and the client still has the certificate of before. */
    @Test
    void aRenewedCertificateOfTheSameNameIsNotTakenForAWrongName() throws Exception {
        LiveDaemonFixture.Live daemon = daemon(keystore("node-1"), PASSWORD).awaiting("status=listening");
        Path renewed = TestKeystore.create(keys.resolve("renewed.p12"), PASSWORD, "node-1", "dns:localhost");
        Path file = Files.writeString(pem("renewed"), TestKeystore.certificate(renewed, PASSWORD));
        CommandResult ran = asked(named(daemon), "--ca-file", file.toString());
        assertThat(ran.code()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "is signed by no authority in " + file + " (--ca-file)", "Where it was renewed, copy it again")
                .doesNotContain("Exception", "PKIX", "by a name that its certificate has");
    }

    @Test
    void aCertificateOutOfDateIsRefusedInWords() throws Exception {
        Path old = keystore("old", "-startdate", "-10d", "-validity", "5");
        LiveDaemonFixture.Live daemon = daemon(old, PASSWORD).awaiting("status=listening");
        assertThat(daemon.said()).contains("clients will refuse the certificate in the keystore " + old);
        CommandResult own = site.call("ls");
        assertThat(own.code()).as(own.all()).isEqualTo(3);
        assertThat(own.err()).contains("is out of date", "http.tls_keystore").doesNotContain("Exception");
        CommandResult named = asked(named(daemon), "--ca-file", pem("old").toString());
        assertThat(named.code()).as(named.all()).isEqualTo(3);
        assertThat(named.err()).contains("is out of date").doesNotContain("Exception");
    }

    @Test
    void whoAnswersWithAnotherCertificateThanTheRuntimeFileNamesIsRefused() throws Exception {
        daemon(keystore("node-1"), PASSWORD).awaiting("status=listening");
        Path file = site.runtime().resolve("daemon-" + site.daemons().getFirst() + ".json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll("\"certificates\":\\[\"[0-9a-f]{4}", "\"certificates\":[\"0000"));
        CommandResult ran = site.call("ls");
        assertThat(ran.code()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains("none of those that its runtime file names", "ss -tlnp")
                .doesNotContain("Exception");
    }

    @Test
    void aWrongPasswordEndsTheStartWithWords() throws Exception {
        CommandResult ran = daemon(keystore("node-1"), "another-secret").end();
        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.err())
                .contains("the daemon cannot start", "has another password than the one in")
                .doesNotContain("another-secret", "Exception", "\tat ");
    }

    @Test
    void aPoolComesUpAndGoesDownBehindTls() throws Exception {
        Path keystore = keystore("node-1");
        Path config = Files.writeString(site.folder().resolve("up.toml"), """
                http.tls_keystore = "%s"
                http.tls_password_file = "%s"
                """.formatted(
                        keystore, Files.writeString(site.folder().resolve("password"), PASSWORD)));
        String id = site.up("--config", config.toString());
        CommandResult ping = site.tpctl("ping", id);
        assertThat(ping.code()).as(ping.all()).isZero();
        assertThat(site.call("events", id).out()).contains("pool is ready");
        assertThat(site.call("shutdown", id).code()).isZero();
        site.awaitNothingLeft();
    }
}
