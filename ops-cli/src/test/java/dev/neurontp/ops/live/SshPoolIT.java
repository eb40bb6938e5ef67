package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pools over a real sshd in each of two network namespaces, with a daemon in a third: in order, and with every fault of a host. */
@Tag("long")
class SshPoolIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final String PREFIX = "n" + ProcessHandle.current().pid() % 100_000;
    private static final String TWO_HOSTS = "h1:0-1,h2:0-1";
    private static final String MARK = "SSH_TEST_MARK";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path hosts;

    private static boolean started;

    @TempDir
    Path folder;

    private final String mark = UUID.randomUUID().toString();
    private ProgramProcess daemon;

    @BeforeAll
    static void startTheHosts() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        for (String program : List.of("sshd", "ssh", "ssh-keygen", "ip", "nsenter")) {
            assumeTrue(Programs.onPath(program).isPresent(), "there is no " + program);
        }
        started = true;
        assumeTrue(Programs.runs(lab("start")), "network namespaces, a bridge or an sshd in them cannot be had here");
    }

    @AfterAll
    static void stopTheHosts() throws Exception {
        if (started) {
            Programs.runs(lab("stop"));
        }
    }

    @BeforeEach
    void startTheDaemon() throws IOException {
        List<String> ssh =
                List.of("-F", "/dev/null", "-l", "root", "-o", "UserKnownHostsFile=" + hosts.resolve("known"));
        Path config = Files.writeString(
                folder.resolve("neuron.toml"),
                launcher(
                                "ssh",
                                Programs.neuron(),
                                ssh,
                                "-i",
                                hosts.resolve("key").toString())
                        + launcher(
                                "refused",
                                Programs.neuron(),
                                ssh,
                                "-i",
                                hosts.resolve("other").toString())
                        + launcher(
                                "missing",
                                "/no/such/neuron",
                                ssh,
                                "-i",
                                hosts.resolve("key").toString())
                        + launcher(
                                "noisy",
                                Programs.neuron(),
                                ssh,
                                "-p",
                                "2222",
                                "-i",
                                hosts.resolve("key").toString())
                        + "[hosts]\nh1.address = \"10.77.0.11\"\nh2.address = \"10.77.0.12\"\n"
                        + "[pools]\ncommunicator = \"loopback\"\ncommands = [" + command() + "]\n"
                        + "[http]\nport = 0\n");
        daemon = ProgramProcess.command(environment(), inTheLeader(Programs.neuron(), "--config", config.toString()));
        daemon.awaitLog("listening at");
    }

    @AfterEach
    void endTheDaemon() throws Exception {
        Programs.runs(lab("join", "2"));
        if (daemon != null) {
            daemon.close();
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).isEmpty());
    }

    @Test
    void aPoolOnTwoHostsJoinsSumsAndLeavesInOrder() throws Exception {
        String pool = create("ssh", TWO_HOSTS, 4);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        assertThat(tpctl("sanity", pool).exitCode()).isZero();
        JsonNode status = status(pool);
        assertThat(IntStream.range(0, 4)
                        .mapToObj(rank -> status.at("/ranks/" + rank + "/host").stringValue()))
                .containsExactly("h1", "h1", "h2", "h2");
        assertThat(IntStream.range(0, 4).mapToObj(rank -> namespace(pid(status, rank))))
                .containsExactly(namespaceOf(1), namespaceOf(1), namespaceOf(2), namespaceOf(2));
        ProgramProcess table = tpctl("status", pool);
        assertThat(table.stdout()).anyMatch(line -> line.matches("RANK +HOST +PID .*"));
        assertThat(tpctl("shutdown", pool).exitCode()).isZero();
        assertThat(status(pool).at("/ranks/3/end/text").stringValue()).isEqualTo("bye, exit 0");
        assertThat(workers()).isEmpty();
    }

    @Test
    void aCutHostsRanksAreLostAndItsWorkersEndByTheirLease() throws Exception {
        String pool = create("ssh", TWO_HOSTS, 4);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        JsonNode before = status(pool);
        assertThat(Programs.runs(lab("cut", "2"))).isTrue();
        Instant cut = Instant.now();
        await().atMost(LIMIT).until(() -> !status(pool).get("ended").isNull());
        JsonNode after = status(pool);
        for (int rank : List.of(0, 1)) {
            assertThat(after.at("/ranks/" + rank + "/end/gone").booleanValue())
                    .as(text(after, rank))
                    .isTrue();
        }
        for (int rank : List.of(2, 3)) {
            assertThat(after.at("/ranks/" + rank + "/state").stringValue()).isEqualTo("lost");
            assertThat(after.at("/ranks/" + rank + "/end/gone").booleanValue()).isFalse();
            Instant until =
                    Instant.parse(after.at("/ranks/" + rank + "/end/lease_ends").stringValue());
            await().atMost(LIMIT).until(() -> !lives(pid(before, rank)));
            assertThat(Instant.now()).isBefore(until);
        }
        assertThat(Duration.between(cut, Instant.now()))
                .as("the link is still down")
                .isLessThan(LIMIT);
        assertThat(after.at("/failure/text").stringValue()).contains(" on h2)").doesNotContain(" on h1)");
        assertThat(tpctl("status", pool).exitCode()).isEqualTo(1);
    }

    @Test
    void aCutOfFourSecondsEndsNoPool() throws Exception {
        String pool = create("ssh", TWO_HOSTS, 4);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        assertThat(Programs.runs(lab("cut", "2"))).isTrue();
        Thread.sleep(Duration.ofSeconds(4)); // what is tested
        assertThat(Programs.runs(lab("join", "2"))).isTrue();
        assertThat(tpctl("sanity", pool).exitCode()).isZero();
        assertThat(tpctl("shutdown", pool).exitCode()).isZero();
    }

    @Test
    void aKilledDaemonLeavesNoWorkerAnywhere() throws Exception {
        String pool = create("ssh", TWO_HOSTS, 4);
        Signals.send("STOP", pid(status(pool), 3));
        daemon.signal("KILL");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).isEmpty());
    }

    @Test
    void everyDeathIsToldByItsRankAndHost() throws Exception {
        String killed = create("ssh", TWO_HOSTS, 4);
        long pid = pid(status(killed), 3);
        Signals.send("KILL", pid);
        await().atMost(LIMIT).until(() -> !status(killed).get("ended").isNull());
        JsonNode worker = status(killed);
        assertThat(worker.at("/failure/text").stringValue())
                .startsWith("the idle pool lost rank 3 (pid " + pid + " on h2)")
                .contains("its end: exit 137 (SIGKILL)");
        assertThat(worker.at("/ranks")).allMatch(rank -> rank.at("/end/gone").booleanValue());

        String agentless = create("ssh", TWO_HOSTS, 4);
        long agent = ProcessHandle.of(pid(status(agentless), 2))
                .orElseThrow()
                .parent()
                .orElseThrow()
                .pid();
        Signals.send("KILL", agent);
        await().atMost(LIMIT).until(() -> !status(agentless).get("ended").isNull());
        assertThat(status(agentless).at("/ranks/2/end/gone").booleanValue())
                .as("nobody has told its end")
                .isFalse();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).isEmpty());

        String stopped = create("ssh", TWO_HOSTS, 4);
        Signals.send("STOP", pid(status(stopped), 1));
        assertThat(tpctl("shutdown", stopped).exitCode()).isEqualTo(1);
        assertThat(status(stopped).at("/ranks/1/end/text").stringValue())
                .isEqualTo("exit 137 (SIGKILL); its stdin was closed");
        assertThat(workers()).isEmpty();
    }

    @Test
    void whatSshOrTheHostRefusesIsToldAndNothingIsStarted() throws Exception {
        for (Map.Entry<String, String> wrong : Map.of(
                        "refused", "Permission denied",
                        "missing", "/no/such/neuron",
                        "noisy", "h2 prints 'Welcome to gpu-cluster' before anything is started there")
                .entrySet()) {
            ProgramProcess create = tpctl("create", "--wait", "--launcher", wrong.getKey(), "--hosts", "h2:0-1");
            assertThat(create.exitCode()).as(wrong.getKey()).isEqualTo(1);
            assertThat(create.stderr()).contains(wrong.getValue(), "on h2)", "nothing was started there");
        }
        assertThat(workers()).isEmpty();
    }

    @Test
    void thirtyThreeRanksStartOnOneStockSshd() throws Exception {
        ProgramProcess create = tpctl(Stream.concat(
                        Stream.of(
                                "create",
                                "-q",
                                "--wait",
                                "--timeout",
                                "5m",
                                "--launcher",
                                "ssh",
                                "--hosts",
                                "h1:0-32",
                                "--"),
                        words())
                .toArray(String[]::new));
        assertThat(create.exitCode(Duration.ofMinutes(5))).as(create.stderr()).isZero();
        assertThat(tpctl("ping", create.line()).exitCode()).isZero();
    }

    private String create(String launcher, String at, int ranks) {
        ProgramProcess created =
                tpctl("create", "-q", "--wait", "--timeout", "2m", "--launcher", launcher, "--hosts", at);
        assertThat(created.exitCode()).as(created.stderr()).isZero();
        String pool = created.line();
        assertThat(status(pool).get("world_size").intValue()).isEqualTo(ranks);
        return pool;
    }

    private JsonNode status(String pool) {
        return JSON.readTree(
                String.join("\n", tpctl("status", pool, "-o", "json").stdout()));
    }

    private static long pid(JsonNode pool, int rank) {
        return pool.at("/ranks/" + rank + "/pid").longValue();
    }

    private static String text(JsonNode pool, int rank) {
        return pool.at("/ranks/" + rank + "/end/text").stringValue();
    }

    private ProgramProcess tpctl(String... arguments) {
        ProgramProcess tpctl = ProgramProcess.command(
                        environment(),
                        inTheLeader(Programs.concat(List.of(Programs.tpctl()), arguments)
                                .toArray(String[]::new)))
                .closeStdin();
        tpctl.exitCode(Duration.ofMinutes(5));
        return tpctl;
    }

    private Map<String, String> environment() {
        return Map.of("NEURON_RUNTIME_DIR", folder.resolve("run").toString());
    }

    private static List<String> inTheLeader(String... command) {
        return Programs.concat(List.of("nsenter", "--net=/run/netns/" + PREFIX + "l"), command);
    }

    private String launcher(String name, String neuron, List<String> options, String... more) {
        return "[launchers." + name + "]\npreset = \"ssh\"\nneuron = [\"" + neuron + "\"]\nlease = \""
                + LEASE.toSeconds()
                + "s\"\nenv = [\"" + MARK + "=" + mark + "\"]\noptions = ["
                + String.join(
                        ", ",
                        Programs.concat(options, more).stream()
                                .map(word -> '"' + word + '"')
                                .toList())
                + "]\n";
    }

    /** A small worker, of which a host of tests holds many. */
    private static Stream<String> words() {
        return Stream.of(
                "/bin/sh",
                Programs.root()
                        .resolve("harness/src/test/resources/faulty-worker.sh")
                        .toString(),
                "none");
    }

    private static String command() {
        return "[" + String.join(", ", words().map(word -> '"' + word + '"').toList()) + "]";
    }

    private static List<String> lab(String what, String... more) {
        List<String> line = new ArrayList<>(List.of(
                "sh",
                Programs.root().resolve("ops-cli/src/test/ssh/hosts.sh").toString(),
                what,
                hosts.toString(),
                PREFIX));
        line.addAll(List.of(more));
        return line;
    }

    private List<Processes.Running> workers() {
        return Processes.with(MARK + "=" + mark);
    }

    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static String namespace(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns/net"))
                    .toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String namespaceOf(int host) {
        try {
            return "net:[" + Files.getAttribute(Path.of("/run/netns", PREFIX + host), "unix:ino") + "]";
        } catch (IOException e) {
            return e.toString();
        }
    }
}
