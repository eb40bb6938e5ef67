package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same over launchers between hosts of their own, network namespaces with a link. */
abstract class HostFaults extends CutFaults {
    static final String PREFIX = "n" + ProcessHandle.current().pid() % 100_000;
    static final String ADDRESSES = "[hosts]\nh1.address = \"10.77.0.11\"\nh2.address = \"10.77.0.12\"\n";

    /** The script that has started the hosts, and its folder. */
    abstract List<String> hosts(String what);

    /** The words that start a command on the first of them, as a person writes them. */
    abstract List<String> onTheFirst();

    @Test
    void theJudgeJudgesAWorkerThatItCarries() {
        LaunchedJudge.judges(line -> ProgramProcess.command(environment(), inTheLeader(line)), onTheFirst());
    }

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

    @Override
    final void link(String what) throws InterruptedException {
        assertThat(Programs.runs(Programs.concat(hosts(what), "2"))).isTrue();
    }
}
