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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the commands of RELEASING.md put into a repository of files, used by a build that knows nothing else of ours: docs/junit-example.
 * And the check of the API of a release after that.
 */
@Tag("long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
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
        String line = releasing("./mvnw -Prelease");
        assertThat(line).contains("=ID::URL");
        succeeds(maven.run(
                maven.checkout(),
                maven.local("build"),
                line.replace("ID::URL", "scratch::" + maven.repository().toUri())));
    }

    /** The command of RELEASING.md that begins so. */
    private static String releasing(String beginning) throws IOException {
        return Files.readAllLines(Programs.root().resolve("RELEASING.md")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
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
        copy(maven.checkout().resolve("docs/junit-example"), example);
    }

    private static void copy(Path from, Path to) throws Exception {
        succeeds(BareProgram.run(
                Map.of("PATH", System.getenv("PATH")), List.of("cp", "-R", from.toString(), to.toString())));
    }

    private BareProgram test(String more) throws Exception {
        return maven.run(example, maven.local("example"), maven.checkout().resolve("mvnw") + " test " + more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rpc", "worker", "harness", "conformance-tests", "conformance-junit"})
    void anArtefactHasItsSourcesAndJavadoc(String module) throws Exception {
        String name = "neurontp-" + module;
        Path artefact = maven.repository().resolve("dev/neurontp").resolve(name).resolve(version());
        for (String file : List.of(".jar", ".pom", "-sources.jar", "-javadoc.jar")) {
            assertThat(artefact.resolve(name + "-" + version() + file)).isNotEmptyFile();
        }
    }

    @Test
    void theProgramsAreNotDeployed() throws Exception {
        try (Stream<Path> all = Files.list(maven.repository().resolve("dev/neurontp"))) {
            assertThat(all.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "neurontp",
                            "neurontp-rpc",
                            "neurontp-worker",
                            "neurontp-harness",
                            "neurontp-conformance-tests",
                            "neurontp-conformance-junit");
        }
    }

    private static String version() throws IOException {
        return Files.readString(Programs.root().resolve("pom.xml"))
                .split("<version>", 2)[1]
                .split("<", 2)[0];
    }

    /** As from the second release on: the version is set, and the API compared with what was deployed. */
    @Test
    void aPublicMethodThatIsGoneFailsTheNextRelease() throws Exception {
        Path next = own.resolve("next");
        copy(maven.checkout(), next);
        succeeds(maven.run(next, maven.local("next"), releasing("old=")));
        String compare = releasing("./mvnw -Dapi.last=").replace("'!ops-cli,!gpu-tests'", "rpc");

        BareProgram same = succeeds(maven.run(next, maven.local("next"), compare));
        Path kind = next.resolve("rpc/src/main/java/dev/neurontp/rpc/ErrorKind.java");
        Files.writeString(
                kind,
                Files.readString(kind)
                        .replace("public static Optional<ErrorKind> find", "static Optional<ErrorKind> find"));
        BareProgram gone = maven.run(next, maven.local("next"), compare);

        assertThat(same.out()).contains("Building neurontp rpc: the wire contract 0.2.0");
        assertThat(gone.code()).isNotEqualTo(ExitCode.OK);
        assertThat(gone.out()).contains("METHOD_LESS_ACCESSIBLE").contains("dev.neurontp.rpc.ErrorKind.find");
    }

    @Test
    void theExampleIsBuiltAndItsWorkerPasses() throws Exception {
        BareProgram result = succeeds(test(""));

        assertThat(result.out()).contains("Tests run: 39, Failures: 0, Errors: 0, Skipped: 5");
        assertThat(example.resolve("target/wire/report.html")).isNotEmptyFile();
        assertThat(example.resolve(".jqwik-database")).doesNotExist();
        assertThat(maven.local("example").resolve("dev/neurontp/neurontp-conformance-junit"))
                .as("it comes from where it was deployed to")
                .isDirectory();
    }

    @Test
    void aTagSelects() throws Exception {
        assertThat(succeeds(test("'-Dgroups=ending & SHOULD' -Dneurontp.wire.only=L2s"))
                        .out())
                .contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void aWrongWorkerFailsTheBuildWithTheFailuresText() throws Exception {
        Path worker = example.resolve("worker.py");
        Files.writeString(worker, Files.readString(worker).replace(", parse_constant=constant", ""));

        BareProgram result = test("-Dneurontp.wire.only=O6.lenient -Dneurontp.wire.seed=5");

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
