package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The .rpm, from outside: judged by rpmlint, and installed, used, upgraded and erased where nothing else is. The host is Debian's, whose
 * rpm asks to be forced and knows no package that others depend on.
 */
@Tag("long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RpmIT {
    private static final String RPM = "rpm --force-debian --nodeps ";

    @TempDir
    private static Path folder;

    private static Path rpm;
    private static Path older;

    @BeforeAll
    static void make() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/rpmbuild")), "SKIPPED: there is no rpmbuild");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strip")), "SKIPPED: there is no strip");
        rpm = ReleasePackages.made(".rpm");
        older = another("0.0.1");
    }

    private static Path another(String... version) throws Exception {
        return ReleasePackages.again("rpm", Files.createTempDirectory(folder, "made"), version);
    }

    @Test
    void rpmlintFindsNoError() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/rpmlint")), "SKIPPED: there is no rpmlint");
        String settings = Programs.root().resolve("packaging/rpm/rpmlint.toml").toString();
        assertThat(ReleasePackages.run("rpmlint", "-c", settings, rpm.toString())
                        .out())
                .contains(" 0 errors");
    }

    @Test
    void theSamePackageGivesTheSameBytes() throws Exception {
        assertThat(another()).hasSameBinaryContentAs(rpm);
    }

    @Test
    void aFreshHostRunsItAndNothingIsLeftAfterErase() throws Exception {
        try (FreshHost host = FreshHost.with(rpm, InstalledUse.WORKER)) {
            String before = host.state();
            host.succeeds(RPM + "-i /pkg/*.rpm");
            InstalledUse.isWhereShellsAndManLook(host, "/usr/share/zsh/site-functions/_tpctl");
            assertThat(host.succeeds("rpm -qc neurontp")).isEqualTo("/etc/neurontp/neuron.toml\n");
            assertThat(host.run("rpm -V --nodeps neurontp").getStdout()).isEmpty();
            InstalledUse.works(host);
            host.succeeds("tpctl up -d --communicator loopback");
            InstalledUse.leavesStateAsTheUnitDoes(host);
            host.succeeds(RPM + "-e neurontp");
            InstalledUse.removesItsOwnHistory(host);
            assertThat(host.state().lines())
                    .containsExactlyElementsOf(before.lines().toList());
        }
    }

    @Test
    void anUpgradeKeepsSettingsAndTheFilesOfADaemonThatRuns() throws Exception {
        try (FreshHost host = FreshHost.with(older, rpm)) {
            host.succeeds(RPM + "-i /pkg/" + older.getFileName());
            InstalledUse.outlivesAnUpgrade(host, RPM + "-U /pkg/" + rpm.getFileName());
            host.succeeds(RPM + "-e neurontp");
            // Where they were changed, rpm keeps the settings under another name.
            assertThat(host.succeeds("ls /etc/neurontp")).isEqualTo("neuron.toml.rpmsave\n");
        }
    }
}
