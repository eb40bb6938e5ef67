package dev.neurontp.ops;

import static dev.neurontp.ops.Examples.pools;
import static dev.neurontp.ops.Examples.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a daemon cannot be asked has its exit code, and words that say what to do next. */
class ConnectionErrorsTest {
    private static final String ID = "k3vd7q2m";

    @TempDir
    private Path folder;

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @Test
    void nobodyListens() {
        daemon.close();
        CommandResult ran = CommandResult.against(daemon, "ls");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("no connection to the daemon at " + daemon.url(), "tpctl ls without --host");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void theTokenIsWrong() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "not-the-token\n");
        CommandResult ran = CommandResult.tpctl("ls", "--host", daemon.url(), "--token-file", wrong.toString());
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains("refuses the token in " + wrong, "--token-file")
                .doesNotContain("not-the-token");
    }

    @Test
    void theTokenFileIsNotThere() {
        CommandResult ran = CommandResult.tpctl(
                "ls",
                "--host",
                daemon.url(),
                "--token-file",
                folder.resolve("none").toString());
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains("the token file " + folder.resolve("none") + " cannot be read: there is no such file")
                .doesNotContain("Exception");
    }

    @Test
    void aFileWithoutAnEndIsNotReadToIt() {
        String device = "/dev/zero";
        assertThat(CommandResult.tpctl("ls", "--host", daemon.url(), "--token-file", device)
                        .err())
                .contains("the token file /dev/zero cannot be read: it has 4097 bytes or more");
        assertThat(CommandResult.tpctl("ls", "--host", daemon.url(), "--ca-file", device, "--token-file", device)
                        .err())
                .contains("/dev/zero", "bytes or more");
    }

    @Test
    void ourTokenGoesToNoOtherHost() {
        CommandResult ran = CommandResult.tpctl("ls", "--host", "http://192.0.2.1:13131");
        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("is another host", "--token-file");
    }

    @Test
    void theAnswerIsNoDaemons() {
        daemon.on("GET /pools", exchange -> FakeDaemon.send(exchange, 200, "text/html", "<html>hello</html>"));
        CommandResult ran = CommandResult.against(daemon, "ls");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("is no neuron daemon of this version (status 200", "Check the address");
    }

    @Test
    void theDaemonBreaksOffInTheMiddle() {
        daemon.on("GET /pools", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
        });
        CommandResult ran = CommandResult.against(daemon, "ls");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("broke the connection", "tpctl ls");
    }

    /** Also by a gateway that had no answer of the daemon's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create -n 1",
                "init",
                "ping",
                "restart",
                "kill k3vd7q2m",
                "shutdown k3vd7q2m",
                "reload",
                "apply -f FILE"
            })
    void whatWasSentAndNotAnsweredMayBeDone(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("pool.toml"), "name = \"x\"\nworld_size = 1\n");
        for (int status : new int[] {0, 502, 503, 504, 200}) {
            for (String request : List.of(
                    "POST /pools",
                    "PUT /pools/x",
                    "DELETE /pools/" + ID,
                    "POST /reload",
                    "POST /pools/" + ID + "/" + command.split(" ", -1)[0])) {
                daemon.on(request, exchange -> {
                    String query = String.valueOf(exchange.getRequestURI().getQuery());
                    if (query.contains("dry_run=true")) {
                        FakeDaemon.send(exchange, 200, "application/json", "{\"result\":\"created\",\"changes\":[]}");
                    } else if (status > 0) {
                        FakeDaemon.send(exchange, status, "text/html", "<html>gateway</html>");
                    } else {
                        exchange.sendResponseHeaders(200, 1000);
                    }
                });
            }
            CommandResult ran = CommandResult.against(
                    daemon, command.replace("FILE", file.toString()).split(" "));
            assertThat(ran.code()).as(status + ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(ran.err())
                    .contains("What was asked for may be done, or under way there: look first (tpctl ls, tpctl status)")
                    .contains(
                            status == 0
                                    ? "broke the connection"
                                    : status > 500 ? "answered in its place" : "is no neuron");
        }
    }

    @Test
    void whatChangesNothingIsNotSaidToBeDone() {
        daemon.on("POST /pools", exchange -> FakeDaemon.send(exchange, 502, "text/html", "<html>gateway</html>"));
        assertThat(CommandResult.against(daemon, "create", "--dry-run").err())
                .contains("answered in its place")
                .doesNotContain("may be done");
        daemon.on("GET /pools", exchange -> exchange.sendResponseHeaders(200, 1000));
        assertThat(CommandResult.against(daemon, "kill", ID).err())
                .contains("broke the connection")
                .doesNotContain("may be done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "describe", "events", "logs"})
    void aDaemonThatDoesNotAnswerIsAskedOnce(String command) {
        CountDownLatch over = new CountDownLatch(1);
        daemon.on("GET /pools", _ -> await(over));
        try {
            CommandResult ran = CommandResult.against(daemon, command, "live", "--timeout", "300ms");
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
            assertThat(daemon.asked()).containsExactly("GET /pools");
        } finally {
            over.countDown();
        }
    }

    @Test
    void theDaemonDoesNotAnswerInTime() {
        CountDownLatch over = new CountDownLatch(1);
        daemon.on("GET /pools", _ -> await(over));
        CommandResult ran = CommandResult.against(daemon, "ls", "--timeout", "100ms");
        over.countDown();
        assertThat(ran.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("did not answer within 100.0 ms", "--timeout");
    }

    /** What it is given beyond that, so that its last word may come, is nobody's wish. */
    @ParameterizedTest
    @ValueSource(strings = {"ping", "sanity", "kill k3vd7q2m", "create --wait"})
    void theTimeThatWasGivenIsSaid(String command) {
        CountDownLatch over = new CountDownLatch(1);
        for (String request : List.of("POST /pools", "POST /pools/" + ID + "/" + command, "DELETE /pools/" + ID)) {
            daemon.on(request, _ -> await(over));
        }
        CommandResult ran = CommandResult.against(daemon, (command + " --timeout 300ms").split(" "));
        over.countDown();
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("did not answer within 300.0 ms");
    }

    @Test
    void thePoolIsNotThere() {
        CommandResult ran = CommandResult.against(daemon, "status", "zzz");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("there is no pool 'zzz' here", "k3vd7q2m (joined)");
    }

    @Test
    void severalPoolsAndNoId() {
        daemon.on("GET /pools", 200, pools(summary(ID, "ready", null), summary("k3aaaaaa", "ready", null)));
        CommandResult none = CommandResult.against(daemon, "ping");
        assertThat(none.code()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("there are 2 pools: which one?", ID, "k3aaaaaa");
        CommandResult ambiguous = CommandResult.against(daemon, "ping", "k3");
        assertThat(ambiguous.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ambiguous.err()).contains("'k3' begins the ids of 2 pools", ID, "k3aaaaaa");
    }

    @ParameterizedTest
    @CsvSource({
        "busy,409,4",
        "wrong_state,409,1",
        "pool_failed,409,1",
        "pool_ended,409,3",
        "no_such_pool,404,3",
        "too_many_operations,429,3",
        "name_taken,409,3",
        "device_taken,409,3",
        "no_such_device,422,2",
        "communicator_unavailable,422,3",
        "stopping,503,3",
        "wrong_shape,422,2",
        "foreign_host,403,3",
        "to_come,409,1",
        "to_come,500,3"
    })
    void eachRefusalHasItsExitCodeAndAWayOn(String type, int status, int code) {
        daemon.refusing("POST /pools/" + ID + "/init", status, type, "the reason");
        CommandResult ran = CommandResult.against(daemon, "init");
        assertThat(ran.code()).isEqualTo(code);
        assertThat(ran.err()).contains("the reason");
        assertThat(ran.err().lines().count()).as("reason and what to do next").isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ls --timeout 5;no duration",
                "ls --timeout 0s;at least 1ms",
                "ls --timeout 999999999h;at most 8760h, a year",
                "ls -o csv;table, wide, json, yaml or name",
                "ping -o yaml;table or json",
                "ls --host ftp://x;http://127.0.0.1:13131",
                "ls --host https://;--host is 'https://': it must be an address",
                "ls --host localhost:1;--host is 'localhost:1': it must be an address",
                "ls --host http://x:y;http://127.0.0.1:13131",
                "ls --host http://127.0.0.1:99999;--host is 'http://127.0.0.1:99999': its port must be from 1 to 65535",
                "ls --host https://127.0.0.1:65536;its port must be from 1 to 65535",
                "ls --host http://127.0.0.1:0;its port must be from 1 to 65535",
                "ls --host http://127.0.0.1:-1;it must be an address",
                "ls --host http://127.0.0.1:99999999999;it must be an address",
                "ls --host http://:1;it must be an address",
                "ls --host //127.0.0.1:1;it must be an address",
                "ls --host file:///etc/passwd;it must be an address",
                "ls --host http://me:secret@127.0.0.1:1;--host names a user before the host 127.0.0.1",
                "ls --host http://127.0.0.1:1/?a=b;it must end before ? and #",
                "ls --host http://127.0.0.1:1#a;it must end before ? and #",
                "ls --bogus;--bogus",
                "ping --count -1;--count is -1",
                "shutdown k3 --all;do not go together",
                "man nosuch;unknown command 'nosuch' of tpctl"
            })
    void whatIsNotUnderstoodIsUsage(String arguments, String words) {
        CommandResult ran = CommandResult.tpctl(arguments.split(" ", -1));
        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains(words).doesNotContain("secret");
        assertThat(ran.out()).isEmpty();
    }

    /** Java's words would quote all of it, with the names of its classes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no certificate",
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nnot base64 \u001b[31m!\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
                "0\u0082\u0001",
                "\u0000\u0001\u0002"
            })
    void aFileWithoutACertificateIsNamedAndNotQuoted(String text) throws IOException {
        for (String content : List.of(text, text + "x".repeat(1 << 19))) {
            Path file = Files.write(folder.resolve("ca.pem"), content.getBytes(StandardCharsets.ISO_8859_1));
            CommandResult ran =
                    CommandResult.tpctl("ls", "--host", "https://127.0.0.1:1", "--ca-file", file.toString());
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err())
                    .contains("no certificate can be read from " + file + " (--ca-file): what stands there is none")
                    .doesNotContain("java", "Exception", "sun.")
                    .hasSizeLessThan(1000);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
