package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The same over launchers between hosts of their own, network namespaces with a link that can be cut. */
abstract class HostFaults extends LauncherFaults {
    static final String PREFIX = "n" + ProcessHandle.current().pid() % 100_000;
    static final String ADDRESSES = "[hosts]\nh1.address = \"10.77.0.11\"\nh2.address = \"10.77.0.12\"\n";

    /** The script that has started the hosts, and its folder. */
    abstract List<String> hosts(String what);

    /** Starts them, or skips the tests. */
    static void require(List<String> start, String... programs) throws InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        for (String program : programs) {
            assumeTrue(Programs.onPath(program).isPresent(), "there is no " + program);
        }
        assumeTrue(Programs.runs(start), "network namespaces, a bridge or what shall run in them cannot be had here");
    }

    static List<String> script(String kind, Path folder, String what) {
        return List.of(
                "sh",
                Programs.root()
                        .resolve("ops-cli/src/test/" + kind + "/hosts.sh")
                        .toString(),
                what,
                folder.toString(),
                PREFIX);
    }

    @Override
    List<String> inTheLeader(List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + PREFIX + "l"));
        line.addAll(command);
        return line;
    }

    @AfterEach
    @Override
    void endTheDaemon() throws Exception {
        link("join");
        super.endTheDaemon();
    }

    /** Takes the link of the second host down or up. */
    final void link(String what) throws InterruptedException {
        assertThat(Programs.runs(Programs.concat(hosts(what), "2"))).isTrue();
    }

    @Test
    void aCutHostsRanksAreLostAndItsWorkersEndByTheirLease() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        List<Long> before = all();
        link("cut");
        JsonNode after = assertToldTruly(pool, before);
        assertThat(gone(after, 0)).as(text(after, 0)).isTrue();
        assertThat(gone(after, 1)).as(text(after, 1)).isTrue();
        assertThat(after.at("/ranks/2/state").stringValue()).isEqualTo("lost");
        assertThat(after.at("/ranks/3/state").stringValue()).isEqualTo("lost");
        assertThat(after.at("/failure/text").stringValue()).contains(" on h2)").doesNotContain(" on h1)");
        assertThat(tpctl("status", pool).exitCode()).isEqualTo(1);
    }

    @Test
    void aCutInsideInitIsFoundByTheSilenceLongBeforeTheDeadline() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS, smallWorker(SILENT_INIT).toArray(String[]::new));
        List<Long> before = all();
        ProgramProcess init =
                ProgramProcess.command(environment(), inTheLeader(List.of(Programs.tpctl(), "init", pool)));
        await().atMost(LIMIT)
                .until(() -> status(pool).get("state").stringValue().equals("joining"));
        link("cut");
        JsonNode after = assertToldTruly(pool, before);
        assertThat(init.exitCode(LIMIT)).isEqualTo(1);
        assertThat(after.at("/failure/text").stringValue())
                .startsWith("init failed on rank ")
                .contains(" on h2)")
                .contains("nothing was heard of its agent on h2");
        assertThat(gone(after, 0)).as(text(after, 0)).isTrue();
        assertThat(gone(after, 3)).as(text(after, 3)).isFalse();
    }

    @Test
    void aCutOfFourSecondsEndsNoPool() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        link("cut");
        Thread.sleep(Duration.ofSeconds(4)); // what is tested
        link("join");
        assertThat(tpctl("sanity", pool).exitCode()).isZero();
        assertThat(tpctl("shutdown", pool).exitCode()).isZero();
    }
}
