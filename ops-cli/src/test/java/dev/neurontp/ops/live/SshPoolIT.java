package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pools over a real sshd in each of two network namespaces, with a daemon in a third: in order, and with every fault of a host. */
@Tag("long")
class SshPoolIT extends HostFaults {
    @TempDir
    static Path hosts;

    @BeforeAll
    static void startTheHosts() throws Exception {
        require(script("ssh", hosts, "start"), "sshd", "ssh", "ssh-keygen", "ip", "nsenter");
    }

    @AfterAll
    static void stopTheHosts() throws Exception {
        Programs.runs(script("ssh", hosts, "stop"));
    }

    @Override
    List<String> hosts(String what) {
        return script("ssh", hosts, what);
    }

    @Override
    String good() {
        return "ssh";
    }

    @Override
    String launchers() {
        String neuron = Programs.neuron();
        return launcher("ssh", "ssh", neuron, options("key"))
                + launcher("refused", "ssh", neuron, options("other"))
                + launcher("missing", "ssh", "/no/such/neuron", options("key"))
                + launcher("noisy", "ssh", neuron, options("key", "-p", "2222"))
                + ADDRESSES;
    }

    @Override
    List<String> onTheFirst() {
        return Stream.of(List.of("ssh", "-T", "-o", "LogLevel=ERROR"), words("key"), List.of("10.77.0.11"))
                .flatMap(List::stream)
                .toList();
    }

    private static String options(String key, String... more) {
        return "options = " + toml(Programs.concat(words(key), more));
    }

    private static List<String> words(String key) {
        return List.of(
                "-F",
                "/dev/null",
                "-l",
                "root",
                "-o",
                "UserKnownHostsFile=" + hosts.resolve("known"),
                "-i",
                hosts.resolve(key).toString());
    }

    @Override
    Map<String, String> wrong() {
        return Map.of(
                "refused", "Permission denied",
                "missing", "/no/such/neuron",
                "noisy", "h2 prints 'Welcome to gpu-cluster' before anything is started there");
    }

    @Test
    void aPoolOnTwoHostsJoinsSumsAndLeavesInOrder() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS);
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
        assertThat(tpctl("events", pool).stdout())
                .anyMatch(line -> line.contains("rank 3 (pid " + pid(status, 3) + " on h2) is ready"));
        assertThat(tpctl("shutdown", pool).exitCode()).isZero();
        assertThat(status(pool).at("/ranks/3/end/text").stringValue()).isEqualTo("bye, exit 0");
        assertThat(workers()).isEmpty();
    }

    @Test
    void theRanksOfACutHostNameTheirOwnLeases() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        JsonNode before = status(pool);
        assertThat(Programs.runs(Programs.concat(hosts("cut"), "2"))).isTrue();
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
    void everyDeathIsToldByItsRankAndHost() throws Exception {
        String killed = create(good(), TWO_HOSTS, RANKS);
        long pid = pid(status(killed), 3);
        Signals.send("KILL", pid);
        await().atMost(LIMIT).until(() -> !status(killed).get("ended").isNull());
        JsonNode worker = status(killed);
        assertThat(worker.at("/failure/text").stringValue())
                .as("the daemon's own ping may be under way")
                .containsPattern("^(the idle pool lost|ping failed on) rank 3 \\(pid " + pid + " on h2\\)")
                .contains("its end: exit 137 (SIGKILL)");
        assertThat(worker.at("/ranks")).allMatch(rank -> rank.at("/end/gone").booleanValue());

        String agentless = create(good(), TWO_HOSTS, RANKS);
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

        String stopped = create(good(), TWO_HOSTS, RANKS);
        Signals.send("STOP", pid(status(stopped), 1));
        assertThat(tpctl("shutdown", stopped).exitCode()).isEqualTo(1);
        assertThat(status(stopped).at("/ranks/1/end/text").stringValue())
                .isEqualTo("exit 137 (SIGKILL); its stdin was closed");
        assertThat(workers()).isEmpty();
    }

    @Test
    void aLookAtTheHostsTellsEachOfThemBeforeAnythingIsStarted() throws Exception {
        ProgramProcess well = preflight("ssh", TWO_HOSTS);
        assertThat(well.exitCode()).as(well.stderr()).isZero();
        assertThat(well.stdout()).anyMatch(line -> line.matches("h1 +all +ok +neuron .*address: 10.77.0.11"));
        for (Map.Entry<String, String> wrong : Map.of(
                        "refused", "reachable.*authorized_keys",
                        "missing", "program.*launchers.missing.neuron",
                        "noisy", "stdout.*h2 prints 'Welcome to gpu-cluster' before the worker.*start file")
                .entrySet()) {
            ProgramProcess found = preflight(wrong.getKey(), "h2:0-1");
            assertThat(found.exitCode()).as(wrong.getKey()).isEqualTo(1);
            assertThat(String.join(" ", found.stdout()).replaceAll(" +", " ")).containsPattern(wrong.getValue());
        }
        assertThat(Programs.runs(Programs.concat(hosts("cut"), "2"))).isTrue();
        ProgramProcess cut = preflight("ssh", TWO_HOSTS, "-o", "json");
        assertThat(cut.exitCode()).isEqualTo(1);
        assertThat(new JsonMapper().readTree(cut.stdout().getFirst()).get("ok").booleanValue())
                .isTrue();
        JsonNode unreached = new JsonMapper().readTree(cut.stdout().getLast());
        assertThat(unreached.get("host").stringValue()).isEqualTo("h2");
        assertThat(unreached.at("/checks/0/check").stringValue()).isEqualTo("reachable");
        ProgramProcess up = tpctl("up", "--config", config().toString(), "--launcher", "ssh", "--hosts", TWO_HOSTS);
        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.stderr()).contains("nothing was started", "h2").doesNotContain("Pool ");
        assertThat(workers()).isEmpty();
    }

    private ProgramProcess preflight(String launcher, String at, String... more) {
        return tpctl(Stream.concat(
                        Stream.of("preflight", "--config", config().toString(), "--launcher", launcher, "--hosts", at),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static long pid(JsonNode pool, int rank) {
        return pool.at("/ranks/" + rank + "/pid").longValue();
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
