package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a package's last script removes of the state of its daemon, with folders of its own instead of this host's. */
@Timeout(60)
class StateRemovalTest {
    /** Nothing but this is asked of the host: its users and units stay as they are. */
    private static final String BEFORE = """
            set -e
            for folder in /run /var/lib /opt; do mount -n -t tmpfs none $folder; done
            mkdir /opt/bin /opt/other /var/lib/other /run/neurontp
            for program in deb-systemd-helper deluser userdel systemctl; do
                printf '#!/bin/sh\\n' >/opt/bin/$program
            done
            printf '#!/bin/sh\\nexit 2\\n' >/opt/bin/getent
            chmod +x /opt/bin/*
            touch /opt/other/kept /run/neurontp/token
            PATH=/opt/bin:$PATH
            """;

    private static final String AFTER = """

            find /run /var/lib /opt/other
            """;

    private static final String DEB = """
            sh "$0/packaging/deb/postrm" purge
            """;

    private static final String RPM = """
            sed '1,/^%postun/d; /^%files/,$d' "$0/packaging/rpm/neurontp.spec" >/opt/postun
            sh -e /opt/postun 0
            """;

    enum Kind {
        DEB(StateRemovalTest.DEB),
        RPM(StateRemovalTest.RPM);

        private final String script;

        Kind(String script) {
            this.script = script;
        }
    }

    @BeforeEach
    void skipWithoutNamespaces() throws InterruptedException {
        assumeTrue(
                Programs.runs(List.of("unshare", "--mount", "true")),
                "SKIPPED: this user may not make namespaces (unshare)");
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftThatTheNextUserOfThatNumberWouldInherit(Kind kind) throws Exception {
        assertThat(left(
                        kind,
                        "mkdir -p /var/lib/neurontp/history && touch /var/lib/neurontp/history/pool-abcdefgh.json"))
                .containsExactlyInAnyOrder("/run", "/var/lib", "/var/lib/other", "/opt/other", "/opt/other/kept");
    }

    /** Where a drop-in of the unit says DynamicUser. */
    @ParameterizedTest
    @EnumSource
    void nothingIsLeftOfADynamicUser(Kind kind) throws Exception {
        assertThat(left(kind, "mkdir -p /var/lib/private/neurontp/history && ln -s private/neurontp /var/lib/neurontp"))
                .containsExactlyInAnyOrder(
                        "/run", "/var/lib", "/var/lib/other", "/var/lib/private", "/opt/other", "/opt/other/kept");
    }

    /** The user owns the folder, and may have put anything into it. */
    @ParameterizedTest
    @EnumSource
    void noLinkIsFollowed(Kind kind) throws Exception {
        assertThat(left(
                        kind,
                        "mkdir /var/lib/neurontp && ln -s /opt/other /var/lib/neurontp/history"
                                + " && mkdir /var/lib/private && ln -s /opt/other /var/lib/private/neurontp"))
                .contains("/opt/other/kept")
                .doesNotContain("/var/lib/neurontp", "/var/lib/private/neurontp");
    }

    private static List<String> left(Kind kind, String there) throws Exception {
        Path root = Programs.root();
        assertThat(Files.isRegularFile(root.resolve("packaging/deb/postrm"))).isTrue();
        BareProgram all = BareProgram.run(
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                List.of(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        BEFORE + there + "\n" + kind.script + AFTER,
                        root.toString()));
        assertThat(all.code()).as(all.err()).isZero();
        return all.out().lines().toList();
    }
}
