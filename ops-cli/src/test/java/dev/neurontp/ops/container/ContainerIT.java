package dev.neurontp.ops.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Capability;
import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.IndefiniteWaitOneShotStartupCheckStrategy;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The suite judges this project's worker inside an image that is built here: no network, a read-only root, no
 * capabilities, a user who is nobody. Skipped, with the reason, where no container engine runs.
 */
@Tag("long")
final class ContainerIT {

    private static final Path CHECKOUT = Programs.root();

    @TempDir
    private static Path folder;

    private static ImageFromDockerfile image;
    private static String classPath;

    @BeforeAll
    static void build() throws Exception {
        skipUnless(
                DockerClientFactory.instance().isDockerAvailable(),
                "no container engine answers; bin/verify starts one where it can");
        skipUnless(
                Files.isDirectory(CHECKOUT.resolve("worker/target/app/lib")),
                "the worker is not packaged: run ./mvnw verify in the project's root");
        ImageTree tree = new ImageTree(folder.resolve("root"));
        tree.lay(CHECKOUT);
        classPath = tree.classPath();
        image = new ImageFromDockerfile("neurontp-conformance-test", true)
                .withFileFromPath("root", folder.resolve("root"))
                .withFileFromString("Dockerfile", "FROM scratch\nCOPY root /\nENV JAVA_HOME=/jre PATH=/bin:/jre/bin\n");
    }

    /** By every rule in the stage that all of them hold for; without CUDA by those that the stage or the place may change. */
    @ParameterizedTest
    @CsvSource({"--communicator,loopback,*", "--communicator,nccl,'S*,F5'"})
    void ourWorkerPassesEveryMustAndShouldInABareContainer(String option, String value, String rules) {
        try (GenericContainer<?> container = new GenericContainer<>(image)) {
            container
                    .withNetworkMode("none")
                    .withCreateContainerCmdModifier(create -> {
                        create.withUser("65534:65534");
                        create.getHostConfig().withReadonlyRootfs(true).withCapDrop(Capability.ALL);
                    })
                    .withCommand(
                            "/jre/bin/java",
                            "-XX:-UsePerfData",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath,
                            ContainerMain.class.getName(),
                            rules,
                            "/neurontp/bin/neuron",
                            option,
                            value)
                    .withStartupCheckStrategy(
                            new IndefiniteWaitOneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(3)));
            try {
                container.start();
            } catch (RuntimeException e) {
                throw new AssertionError("the run in the container did not end with 0:\n" + container.getLogs(), e);
            }
            assertThat(container.getLogs())
                    .contains("confined: uid 65534, capabilities 0, root read-only, interfaces [lo]")
                    .contains("PASSED  ", " 0 failed, 0 warned");
        }
    }

    private static void skipUnless(boolean holds, String reason) {
        if (!holds) {
            System.out.println("SKIPPED " + ContainerIT.class.getSimpleName() + ": " + reason);
        }
        assumeTrue(holds, reason);
    }
}
