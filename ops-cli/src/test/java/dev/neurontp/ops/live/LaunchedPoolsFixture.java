package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A daemon with launchers in its settings, and what a test asks of it and of the processes that those have started. */
abstract class LaunchedPoolsFixture {
    static final Duration LIMIT = Duration.ofMinutes(2);
    static final Duration LEASE = Duration.ofSeconds(10);
    static final String TWO_HOSTS = "h1:0-1,h2:0-1";
    static final int RANKS = 4;
    static final String SILENT_INIT = "silent-init@0,silent-init@1,silent-init@2,silent-init@3";
    private static final String MARK = "LAUNCHED_TEST_MARK";
    private static final Pattern KEPT = Pattern.compile("may still be held.* has ended by (\\S+) at the latest");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    final String mark = UUID.randomUUID().toString();
    private ProgramProcess daemon;

    /** The settings of the launchers and of the hosts. */
    abstract String launchers();

    /** Those words where the daemon and its users are. */
    List<String> inTheLeader(List<String> command) {
        return command;
    }

    Duration lease() {
        return LEASE;
    }

    /** More environment of the ranks. */
    String[] rankSettings() {
        return new String[0];
    }

    /** More environment of the daemon. */
    Map<String, String> more() {
        return Map.of();
    }

    @BeforeEach
    void startTheDaemon() throws IOException {
        Files.writeString(
                config(),
                launchers()
                        + "[pools]\ncommunicator = \"loopback\"\ncommands = ["
                        + toml(smallWorker("none")) + ", " + toml(smallWorker(SILENT_INIT)) + "]\n"
                        + "[http]\nport = 0\n");
        daemon = ProgramProcess.command(
                environment(), inTheLeader(List.of(Programs.neuron(), "--config", config().toString())));
        daemon.awaitLog("listening at");
    }

    @AfterEach
    void endTheDaemon() throws Exception {
        if (daemon != null) {
            daemon.close();
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).isEmpty());
    }

    /** The daemon's settings. */
    Path config() {
        return folder.resolve("neuron.toml");
    }

    ProgramProcess daemon() {
        return daemon;
    }

    /** Another daemon with the same settings and folders, once this one has ended; what it has said until it listened. */
    String startTheNextDaemon() throws IOException {
        daemon.exitCode(LIMIT);
        daemon.close();
        startTheDaemon();
        return daemon.stderr();
    }

    /** A launcher's table: its preset, the lease, and those lines. */
    String launcher(String name, String preset, String neuron, String... lines) {
        return "[launchers." + name + "]\npreset = \"" + preset + "\"\nneuron = [\"" + neuron + "\"]\nlease = \""
                + lease().toSeconds() + "s\"\nenv = "
                + toml(Programs.concat(List.of(MARK + "=" + mark), rankSettings())) + "\n"
                + String.join("\n", lines) + "\n";
    }

    static String toml(List<String> words) {
        return "["
                + String.join(", ", words.stream().map(word -> '"' + word + '"').toList()) + "]";
    }

    /** A small worker, of which a host of tests holds many. */
    static List<String> smallWorker(String faults) {
        return List.of(
                "/bin/sh",
                Programs.root()
                        .resolve("harness/src/test/resources/faulty-worker.sh")
                        .toString(),
                faults);
    }

    String create(String launcher, String at, int ranks, String... command) {
        ProgramProcess created = tpctl(Stream.concat(
                        Stream.of("create", "-q", "--wait", "--timeout", "4m", "--launcher", launcher, "--hosts", at),
                        command.length == 0 ? Stream.of() : Stream.concat(Stream.of("--"), Stream.of(command)))
                .toArray(String[]::new));
        assertThat(created.exitCode()).as(created.stderr()).isZero();
        String pool = created.line();
        assertThat(status(pool).get("world_size").intValue()).isEqualTo(ranks);
        return pool;
    }

    /** Asks for a pool whose ranks need their devices; nobody tries these. */
    ProgramProcess createOnDevices(String launcher, String at) {
        return tpctl(Programs.concat(
                        List.of("create", "-q", "--wait", "--timeout", "4m", "--communicator", "nccl"),
                        Stream.concat(
                                        Stream.of("--launcher", launcher, "--hosts", at, "--"),
                                        smallWorker("none").stream())
                                .toArray(String[]::new))
                .toArray(String[]::new));
    }

    /** Until when that answer says that a device is kept. */
    static Instant keptUntil(ProgramProcess refused) {
        assertThat(refused.exitCode()).as(refused.stderr()).isNotZero();
        Matcher until = KEPT.matcher(refused.stderr());
        assertThat(until.find()).as(refused.stderr()).isTrue();
        return Instant.parse(until.group(1));
    }

    JsonNode status(String pool) {
        return JSON.readTree(
                String.join("\n", tpctl("status", pool, "-o", "json").stdout()));
    }

    JsonNode awaitEnded(String pool) {
        await().atMost(LIMIT).until(() -> !status(pool).get("ended").isNull());
        return status(pool);
    }

    static String text(JsonNode pool, int rank) {
        return pool.at("/ranks/" + rank + "/end/text").stringValue();
    }

    static boolean gone(JsonNode pool, int rank) {
        return pool.at("/ranks/" + rank + "/end/gone").booleanValue();
    }

    ProgramProcess tpctl(String... arguments) {
        ProgramProcess tpctl = ProgramProcess.command(
                        environment(), inTheLeader(Programs.concat(List.of(Programs.tpctl()), arguments)))
                .closeStdin();
        tpctl.exitCode(Duration.ofMinutes(5));
        return tpctl;
    }

    Map<String, String> environment() {
        return Stream.concat(
                        more().entrySet().stream(),
                        Stream.of(Map.entry(
                                "NEURON_RUNTIME_DIR", folder.resolve("run").toString())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Agents and workers. */
    List<Processes.Running> workers() {
        return Processes.with(MARK + "=" + mark);
    }

    /** As this host numbers it, whatever its container does. */
    long worker(int rank) {
        return one(workers(), rank, false);
    }

    long agent(int rank) {
        return one(workers(), rank, true);
    }

    private static long one(List<Processes.Running> all, int rank, boolean agent) {
        return all.stream()
                .filter(process -> process.commandLine().contains(" --agent ") == agent)
                .filter(process -> process.commandLine().contains("--rank " + rank + " ")
                        || process.commandLine().startsWith("neuron: rank " + rank + "/"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** What carries the pipes of a rank: a child of the daemon. */
    long carrier(int rank) {
        return ProcessHandle.of(daemon.pid())
                .orElseThrow()
                .children()
                .filter(child -> commandLine(child.pid()).contains("--rank " + rank + " "))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException _) {
            return ""; // it has ended
        }
    }

    static boolean lives(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** As this host numbers them, by rank. */
    List<Long> all() {
        return IntStream.range(0, RANKS).mapToObj(this::worker).toList();
    }

    /**
     * Waits for the end of the pool and then of its workers: none was told to be gone that lived, and none lives longer than was told, or than
     * its lease and five seconds.
     *
     * @param before the workers
     */
    JsonNode assertToldTruly(String pool, List<Long> before) {
        JsonNode after = awaitEnded(pool);
        Instant until = Instant.now().plus(LEASE).plusSeconds(5);
        for (int rank = 0; rank < before.size(); rank++) {
            if (gone(after, rank)) {
                assertThat(lives(before.get(rank))).as(text(after, rank)).isFalse();
            } else {
                assertThat(after.at("/ranks/" + rank + "/state").stringValue())
                        .as(text(after, rank))
                        .isEqualTo("lost");
                Instant told = Instant.parse(
                        after.at("/ranks/" + rank + "/end/lease_ends").stringValue());
                until = told.isBefore(until) ? told : until;
            }
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).isEmpty());
        assertThat(Instant.now()).as("when they had to be gone").isBefore(until.plusSeconds(1));
        return after;
    }
}
