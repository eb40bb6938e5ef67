package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The .deb, from outside: judged by Debian's own tool, and installed, used, upgraded and purged where nothing else is. */
@Tag("long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DebIT {
    @TempDir
    private static Path folder;

    private static Path deb;
    private static Path older;

    @BeforeAll
    static void make() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "SKIPPED: there is no dpkg-deb");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strip")), "SKIPPED: there is no strip");
        deb = ReleasePackages.made(".deb");
        older = another("0.0.1");
    }

    private static Path another(String... version) throws Exception {
        return ReleasePackages.again("deb", Files.createTempDirectory(folder, "made"), version);
    }

    @Test
    void lintianFindsNoError() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/lintian")), "SKIPPED: there is no lintian");
        BareProgram result = ReleasePackages.run("lintian", "--allow-root", "--fail-on", "error", deb.toString());
        assertThat(result.out().lines()).noneMatch(line -> line.startsWith("E:"));
    }

    @Test
    void theSamePackageGivesTheSameBytes() throws Exception {
        assertThat(another()).hasSameBinaryContentAs(deb);
    }

    @Test
    void aFreshHostRunsItAndNothingIsLeftAfterPurge() throws Exception {
        try (FreshHost host = FreshHost.with(deb, InstalledUse.WORKER)) {
            String before = host.state();
            host.succeeds("dpkg -i /pkg/*.deb");
            InstalledUse.isWhereShellsAndManLook(host, "/usr/share/zsh/vendor-completions/_tpctl");
            assertThat(host.succeeds("dpkg-query -f '${Conffiles}' -W neurontp"))
                    .contains("/etc/neurontp/neuron.toml");
            assertThat(host.succeeds("dpkg --verify neurontp")).isEmpty();
            InstalledUse.works(host);
            // Also what a person has changed and still runs.
            host.succeeds("echo 'limits.pools = 3' >>/etc/neurontp/neuron.toml && tpctl up -d --communicator loopback");
            InstalledUse.leavesStateAsTheUnitDoes(host);
            host.succeeds("dpkg -P neurontp");
            InstalledUse.removesItsOwnHistory(host);
            assertThat(host.state().lines())
                    .containsExactlyElementsOf(before.lines().toList());
        }
    }

    @Test
    void aRemovedPackageLeavesItsSettingsAndPurgeTakesThem() throws Exception {
        try (FreshHost host = FreshHost.with(deb)) {
            String before = host.state();
            host.succeeds("dpkg -i /pkg/*.deb && echo '# mine' >>/etc/neurontp/neuron.toml && dpkg -r neurontp");
            assertThat(host.succeeds("cat /etc/neurontp/neuron.toml")).contains("# mine");
            assertThat(host.run("ls /usr/lib/neurontp /usr/bin/tpctl").getStdout())
                    .isEmpty();
            host.succeeds("dpkg -i /pkg/*.deb");
            assertThat(host.succeeds("cat /etc/neurontp/neuron.toml")).contains("# mine");
            host.succeeds("dpkg -P neurontp");
            assertThat(host.state().lines())
                    .containsExactlyElementsOf(before.lines().toList());
        }
    }

    @Test
    void anUpgradeKeepsSettingsAndTheFilesOfADaemonThatRuns() throws Exception {
        try (FreshHost host = FreshHost.with(older, deb)) {
            host.succeeds("dpkg -i /pkg/" + older.getFileName());
            InstalledUse.outlivesAnUpgrade(host, "dpkg -i /pkg/" + deb.getFileName());
            host.succeeds("dpkg -P neurontp");
        }
    }
}
