package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn deploy} puts into a repository of files, used by a build that knows nothing else of ours: docs/junit-example. */
@Tag("long")
@Timeout(600)
class DeployIT {
    @TempDir
    private static Path folder;

    private static Maven maven;

    @TempDir
    private Path own;

    private Path example;

    @BeforeAll
    static void deploy() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "SKIPPED: there is no python3");
        maven = new Maven(folder);
        succeeds(maven.run(
                maven.checkout(),
                maven.local("build"),
                "-Dmaven.test.skip",
                "-pl",
                "conformance-junit",
                "-am",
                "deploy",
                "-DaltDeploymentRepository=scratch::" + maven.repository().toUri()));
    }

    @AfterAll
    static void end() throws Exception {
        if (maven != null) {
            maven.end();
        }
    }

    private static BareProgram succeeds(BareProgram result) {
        assertThat(result.code()).as("%s%s", result.out(), result.err()).isEqualTo(ExitCode.OK);
        return result;
    }

    @BeforeEach
    void copyTheExample() throws Exception {
        example = own.resolve("my-worker");
        succeeds(BareProgram.run(
                Map.of("PATH", System.getenv("PATH")),
                List.of(
                        "cp",
                        "-R",
                        maven.checkout().resolve("docs/junit-example").toString(),
                        example.toString())));
    }

    private BareProgram test(String... more) throws Exception {
        return maven.run(
                example,
                maven.local("example"),
                Programs.concat(List.of("test"), more).toArray(String[]::new));
    }

    @Test
    void theExampleIsBuiltAndItsWorkerPasses() throws Exception {
        BareProgram result = succeeds(test());

        assertThat(result.out()).contains("Tests run: 39, Failures: 0, Errors: 0, Skipped: 5");
        assertThat(example.resolve("target/wire/report.html")).isNotEmptyFile();
        assertThat(example.resolve(".jqwik-database")).doesNotExist();
        assertThat(maven.local("example").resolve("dev/neurontp/neurontp-conformance-junit"))
                .as("it comes from where it was deployed to")
                .isDirectory();
    }

    @Test
    void aTagSelects() throws Exception {
        assertThat(succeeds(test("-Dgroups=ending & SHOULD", "-Dneurontp.wire.only=L2s"))
                        .out())
                .contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void aWrongWorkerFailsTheBuildWithTheFailuresText() throws Exception {
        Path worker = example.resolve("worker.py");
        Files.writeString(worker, Files.readString(worker).replace(", parse_constant=constant", ""));

        BareProgram result = test("-Dneurontp.wire.only=O6.lenient", "-Dneurontp.wire.seed=5");

        assertThat(result.code()).isNotEqualTo(ExitCode.OK);
        assertThat(result.out())
                .contains("O6.lenient  MUST  what is no request is refused")
                .contains("sent       {\"op\":\"ping\",\"x\":NaN}")
                .contains("again      tpctl conformance run --only O6.lenient --seed 5 -- python3 worker.py")
                .contains("Failures: 1, Errors: 0");
        assertThat(report()).contains("operationsMust() O6 MUST what is no request is refused");
    }

    private String report() throws IOException {
        return Files.readString(example.resolve("target/surefire-reports/TEST-org.example.WorkerWireTest.xml"));
    }
}
