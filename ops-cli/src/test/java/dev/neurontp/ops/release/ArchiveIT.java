package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The archive, from outside: unpacked, used, replaced by another and deleted where nothing else is. PackageIT has its contents. */
@Tag("long")
class ArchiveIT {
    private static final String UNPACK = """
            set -e
            mkdir /opt/%1$s
            tar -xzf /pkg/*.tar.gz --strip-components=1 -C /opt/%1$s
            ln -sf /opt/%1$s/bin/tpctl /opt/%1$s/bin/neuron /usr/bin
            """;

    private static Path archive;

    @BeforeAll
    static void make() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strip")), "SKIPPED: there is no strip");
        archive = ReleasePackages.made(".tar.gz");
    }

    @Test
    void aFreshHostRunsItAndNothingIsLeftAfterItsFolderIsDeleted() throws Exception {
        try (FreshHost host = FreshHost.with(archive, InstalledUse.WORKER)) {
            String before = host.state();
            host.succeeds(UNPACK.formatted("neurontp"));
            InstalledUse.isOnThePath(host);
            host.succeeds("tpctl up -d --communicator loopback");
            host.succeeds("tpctl shutdown --all && rm -r /opt/neurontp /usr/bin/tpctl /usr/bin/neuron");
            // What the programs have written is its user's: the token and the history.
            host.succeeds("rm /run/neurontp/token && rmdir /run/neurontp");
            InstalledUse.removesItsOwnHistory(host);
            assertThat(host.state().lines())
                    .containsExactlyElementsOf(before.lines().toList());
        }
    }

    @Test
    void aUserWithoutNameAndHomeRunsTheArchiveOfAnother() throws Exception {
        try (FreshHost host = FreshHost.with(archive)) {
            host.succeeds(UNPACK.formatted("neurontp"));
            assertThat(host.succeeds("""
                            cd / && mkdir -m 0700 /run/mine && chown 4711:4711 /run/mine
                            setpriv --reuid=4711 --regid=4711 --clear-groups env -i PATH="$PATH" NEURON_RUNTIME_DIR=/run/mine tpctl demo
                            """)).contains("3 of 3 ranks", "Done in");
        }
    }

    @Test
    void aDaemonOfAFolderThatAnotherReplacedRunsOnAndAnswersTheNewTpctl() throws Exception {
        try (FreshHost host = FreshHost.with(archive)) {
            host.succeeds(UNPACK.formatted("old"));
            host.succeeds("""
                    setsid neuron --port 0 >/tmp/out 2>/tmp/err </dev/null &
                    timeout 60 sh -c 'until grep -q status=listening /tmp/out; do sleep 0.1; done'
                    tpctl create --communicator loopback -n 2 --name old --wait
                    """);

            host.succeeds(UNPACK.formatted("new"));

            assertThat(host.succeeds("readlink -f /usr/bin/tpctl")).isEqualTo("/opt/new/bin/tpctl\n");
            host.succeeds("tpctl ping -c 1 old && tpctl restart old");
            assertThat(host.succeeds("ls -l /proc/[0-9]*/exe 2>/dev/null | grep -o '/opt/.*' | sort -u"))
                    .as("workers that the old daemon starts are of its own folder")
                    .isEqualTo("/opt/old/runtime/bin/java\n");
            host.succeeds("""
                    pid=$(sed -n 's/^pid=//p' /tmp/out)
                    kill -TERM $pid
                    timeout 60 sh -c "while [ -e /proc/$pid ]; do sleep 0.1; done"
                    grep -q status=stopped /tmp/out
                    """);
            assertThat(host.run("ls -l /proc/[0-9]*/exe 2>/dev/null | grep -o '/opt/.*'")
                            .getStdout())
                    .as("processes that are left")
                    .isEmpty();
        }
    }
}
