package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import dev.neurontp.testing.Programs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The image of a container, loaded from its archive and run as it is meant to be: read-only, without capabilities and network. */
@Tag("long")
class ImageIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static Path archive;
    private static DockerClient engine;
    private static String name;

    @BeforeAll
    static void load() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-query")), "SKIPPED: there is no dpkg-query");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strip")), "SKIPPED: there is no strip");
        FreshHost.skipUnless(
                DockerClientFactory.instance().isDockerAvailable(),
                "no container engine answers; bin/verify starts one where it can");
        archive = ReleasePackages.made("-image.tar");
        engine = DockerClientFactory.instance().client();
        try (InputStream in = Files.newInputStream(archive)) {
            engine.loadImageCmd(in).exec();
        }
        name = "neurontp:" + archive.getFileName().toString().split("-", -1)[1];
    }

    private static GenericContainer<?> container(String image, String... command) {
        GenericContainer<?> container = new GenericContainer<>(image)
                .withNetworkMode("none")
                .withCreateContainerCmdModifier(create ->
                        create.getHostConfig().withReadonlyRootfs(true).withCapDrop(Capability.ALL));
        if (command.length > 0) {
            container.withCommand(command);
        }
        container.start();
        return container;
    }

    private static String succeeds(GenericContainer<?> container, String... command) throws Exception {
        var result = container.execInContainer(command);
        assertThat(result.getExitCode())
                .as("%s: %s%s", List.of(command), result.getStdout(), result.getStderr())
                .isZero();
        return result.getStdout();
    }

    private static InspectContainerResponse.ContainerState state(GenericContainer<?> container) {
        return container.getCurrentContainerInfo().getState();
    }

    /** Without an init process, as nobody's user. */
    @Test
    void theDaemonIsProcess1AndReapsAndIsHealthyAndEndsInOrder() throws Exception {
        try (GenericContainer<?> container = container(name)) {
            await().atMost(LIMIT).until(() -> container.getLogs().contains("status=listening"));
            assertThat(container.getLogs()).contains("pid=1", "reaps what other processes leave there");
            assertThat(succeeds(container, "sh", "-c", "while read -r a b c; do echo $a $b; done </proc/1/status"))
                    .contains("Uid: 65532", "Gid: 65532");

            succeeds(container, "tpctl", "create", "--communicator", "loopback", "-n", "2", "--wait");
            assertThat(succeeds(container, "tpctl", "ls")).contains("ready");
            // Its parent ends first; then process 1 is its parent, until it ends too.
            String orphan = succeeds(container, "sh", "-c", "sleep 1 >/dev/null 2>&1 & echo $!")
                    .strip();
            await().atMost(LIMIT)
                    .until(() -> container
                                    .execInContainer("sh", "-c", "cat /proc/" + orphan + "/stat")
                                    .getExitCode()
                            != 0);
            await().atMost(LIMIT)
                    .until(() -> "healthy".equals(state(container).getHealth().getStatus()));

            engine.killContainerCmd(container.getContainerId())
                    .withSignal("TERM")
                    .exec();
            await().atMost(LIMIT)
                    .until(() -> Boolean.FALSE.equals(state(container).getRunning()));
            assertThat(state(container).getExitCodeLong()).isZero();
            assertThat(container.getLogs()).contains("status=stopped");
        }
    }

    @Test
    void tpctlRunsInItWithoutADaemon() throws Exception {
        try (GenericContainer<?> container = container(name, "sleep", "600")) {
            assertThat(succeeds(container, "tpctl", "demo")).contains("3 of 3 ranks", "Done in");
            assertThat(container.execInContainer("tpctl", "ls", "-q").getExitCode())
                    .as("unhealthy without a daemon")
                    .isNotZero();
            assertThat(container.execInContainer("sh", "-c", ">/x").getExitCode())
                    .as("the root is read-only")
                    .isNotZero();
            assertThat(succeeds(container, "sh", "-c", "NEURON_JAVA_OPTS=-Xlog:aot=info:stderr tpctl --version 2>&1"))
                    .contains("Using AOT-linked classes: true");
        }
    }

    @Test
    void theSamePackageGivesTheSameBytes() throws Exception {
        String script = Programs.root().resolve("packaging/make-image").toString();
        ReleasePackages.run(script, ReleasePackages.made(".tar.gz").toString(), folder.toString());
        assertThat(ReleasePackages.only(folder, "-image.tar")).hasSameBinaryContentAs(archive);
    }

    /** What podman and others read it with. */
    @Test
    void skopeoReadsItAsBothKindsOfArchive() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/skopeo")), "SKIPPED: there is no skopeo");
        for (String kind : List.of("docker-archive:", "oci-archive:")) {
            assertThat(ReleasePackages.run("skopeo", "inspect", kind + archive).out())
                    .contains("org.opencontainers.image.version");
        }
    }

    @Test
    void theDockerfileMakesTheSameOfAnotherBase() throws Exception {
        String base = FreshHost.image();
        Path made = ReleasePackages.made(".tar.gz");
        Path dockerfile = Programs.root().resolve("packaging/image/Dockerfile");
        ImageFromDockerfile image = new ImageFromDockerfile("neurontp-of-dockerfile", true)
                .withFileFromPath("Dockerfile", dockerfile)
                .withFileFromPath(made.getFileName().toString(), made)
                .withBuildArg("BASE", base);
        String of = image.get();
        ContainerConfig ours =
                Objects.requireNonNull(engine.inspectImageCmd(name).exec().getConfig());
        ContainerConfig theirs =
                Objects.requireNonNull(engine.inspectImageCmd(of).exec().getConfig());
        assertThat(theirs.getUser()).isEqualTo(ours.getUser());
        assertThat(theirs.getCmd()).isEqualTo(ours.getCmd());
        assertThat(theirs.getHealthcheck()).usingRecursiveComparison().isEqualTo(ours.getHealthcheck());
        assertThat(theirs.getVolumes().keySet()).isEqualTo(ours.getVolumes().keySet());
        assertThat(theirs.getEnv()).contains("NEURON_RUNTIME_DIR=/run/neurontp");
        for (Map.Entry<String, String> label : theirs.getLabels().entrySet()) {
            if (label.getKey().startsWith("org.opencontainers.")) {
                assertThat(ours.getLabels()).contains(label);
            }
        }
        try (GenericContainer<?> container = container(of)) {
            await().atMost(LIMIT).until(() -> container.getLogs().contains("status=listening"));
            succeeds(container, "tpctl", "ls", "-q");
        }
    }
}
