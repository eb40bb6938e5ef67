package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.MountableFile;

/**
 * A host that has nothing of this project, no Java and no network: a container of the smallest root of this host's distribution, with
 * Python and rpm. Skipped, with the reason, where no container engine runs or no root can be made.
 */
final class FreshHost implements AutoCloseable {
    private static final String IMAGE = "neurontp-fresh-host:latest";
    private static final Path ARCHIVE = Programs.root().resolve("ops-cli/target/fresh-host.tar");

    /** Ubuntu has rpm in universe. */
    private static final String BOOTSTRAP = """
            set -e
            . /etc/os-release
            folder=$(mktemp -d)
            trap 'rm -rf "$folder"' EXIT
            [ "$ID" != ubuntu ] || components=--components=main,universe
            debootstrap --variant=minbase --include=python3,rpm $components "$VERSION_CODENAME" "$folder/root" >&2
            rm -rf "$folder"/root/var/cache/apt/*
            tar -C "$folder/root" -cf "$1.new" .
            mv "$1.new" "$1"
            """;

    /** A shell reaps what the daemons of a test leave to process 1. */
    private static final String REAP = "while sleep 1; do :; done";

    private final GenericContainer<?> container;

    private FreshHost(GenericContainer<?> container) {
        this.container = container;
    }

    /** With these files in /pkg. */
    static FreshHost with(Path... files) throws Exception {
        skipUnless(
                DockerClientFactory.instance().isDockerAvailable(),
                "no container engine answers; bin/verify starts one where it can");
        skipUnless(
                Files.isExecutable(Path.of("/usr/sbin/debootstrap")),
                "there is no debootstrap, which makes a fresh root");
        ReleasePackages.alone(FreshHost::importRoot);
        GenericContainer<?> container =
                new GenericContainer<>(IMAGE).withNetworkMode("none").withCommand("sh", "-c", REAP);
        for (Path file : files) {
            container.withCopyFileToContainer(MountableFile.forHostPath(file), "/pkg/" + file.getFileName());
        }
        container.start();
        return new FreshHost(container);
    }

    /** The name of its image. */
    static String image() throws Exception {
        skipUnless(
                DockerClientFactory.instance().isDockerAvailable(),
                "no container engine answers; bin/verify starts one where it can");
        skipUnless(
                Files.isExecutable(Path.of("/usr/sbin/debootstrap")),
                "there is no debootstrap, which makes a fresh root");
        ReleasePackages.alone(FreshHost::importRoot);
        return IMAGE;
    }

    static void skipUnless(boolean holds, String reason) {
        if (!holds) {
            System.out.println("SKIPPED the tests in a fresh root: " + reason);
        }
        assumeTrue(holds, "SKIPPED: " + reason);
    }

    private static void importRoot() throws Exception {
        DockerClient engine = DockerClientFactory.instance().client();
        try {
            engine.inspectImageCmd(IMAGE).exec();
            return;
        } catch (NotFoundException _) {
            // It is imported now.
        }
        if (!Files.exists(ARCHIVE)) {
            ReleasePackages.run("sh", "-c", BOOTSTRAP, "sh", ARCHIVE.toString());
        }
        new ImageFromDockerfile(IMAGE, false)
                .withFileFromPath("root.tar", ARCHIVE)
                .withFileFromString(
                        "Dockerfile", "FROM scratch\nADD root.tar /\nENV PATH=/usr/sbin:/usr/bin:/sbin:/bin\n")
                .get();
    }

    /** Runs a script of the shell. */
    ExecResult run(String script) throws Exception {
        return container.execInContainer("sh", "-c", script);
    }

    /** Runs a script that has to end well, and returns what it wrote to stdout. */
    String succeeds(String script) throws Exception {
        ExecResult result = run(script);
        assertThat(result.getExitCode())
                .as("%s: %s%s", script, result.getStdout(), result.getStderr())
                .isZero();
        return result.getStdout();
    }

    /** All of a host that an installation could leave there: files, users, groups, processes, sockets. */
    String state() throws Exception {
        // The package managers' own records, logs and locks; a user's id may be anything.
        return succeeds("""
                find / -xdev \\( -path /proc -o -path /sys -o -path /pkg -o -path /tmp/hsperfdata_root -o -path /var/log -o -path /var/lib/dpkg \\
                    -o -path /var/lib/rpm -o -path /root/.rpmdb -o -path /var/cache -o -path /run/adduser -o -path '/etc/*-' \\
                    -o -path /etc/.pwd.lock \\) -prune -o -print | sort
                cat /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/subuid /etc/subgid 2>/dev/null
                cat /proc/[0-9]*/comm 2>/dev/null | sort | uniq | grep -vxE 'find|sort|cat|sh|sleep|grep|uniq'
                awk '$4 == "0A" { print "listening", $2 } NF == 8 { print "socket", $8 }' $(ls /proc/net/tcp /proc/net/tcp6 /proc/net/unix 2>/dev/null)
                """);
    }

    @Override
    public void close() {
        container.close();
    }
}
