package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A package that {@code bin/package} makes of the built tree, unpacked read-only into a folder with a blank and a letter that is
 * not ASCII, and used from outside: without Java, PATH, HOME and locale.
 */
@Tag("long")
class PackageIT {
    private static final long MEGABYTE = 1_000_000;

    @TempDir
    private static Path folder;

    private static Path packed;
    private static Path root;
    private static Map<String, String> before;

    @TempDir
    private Path runtimeFolder;

    @BeforeAll
    static void makeAndUnpack() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strip")), "SKIPPED: there is no strip");
        packed = ReleasePackages.made(".tar.gz");
        Path to = Files.createDirectory(folder.resolve("a blank and \u00e9"));
        onHost("tar", "-xzf", packed.toString(), "-C", to.toString());
        onHost("chmod", "-R", "a-w", to.toString());
        root = to.resolve(packed.getFileName().toString().replace(".tar.gz", ""));
        before = files();
    }

    private static Path make(String name) throws Exception {
        Path out = folder.resolve(name);
        ReleasePackages.run(Programs.root().resolve("bin/package").toString(), out.toString(), "tar");
        return ReleasePackages.only(out, ".tar.gz");
    }

    @AfterAll
    static void letItBeDeleted() throws Exception {
        onHost("chmod", "-R", "u+w", folder.toString());
    }

    private static void onHost(String... command) throws Exception {
        succeeds(BareProgram.run(Map.of("PATH", System.getenv("PATH")), List.of(command)));
    }

    private static BareProgram succeeds(BareProgram result) {
        assertThat(result.code()).as("%s%s", result.out(), result.err()).isEqualTo(ExitCode.OK);
        return result;
    }

    /** All files of the package with their times. */
    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                files.put(each.toString(), Files.getLastModifiedTime(each).toString());
            }
        }
        return files;
    }

    private BareProgram run(String program, Map<String, String> environment, String... arguments) throws Exception {
        Map<String, String> bare = new HashMap<>(environment);
        bare.put("PATH", "");
        bare.put("NEURON_RUNTIME_DIR", runtimeFolder.toString());
        return BareProgram.run(
                bare,
                Programs.concat(List.of(root.resolve("bin").resolve(program).toString()), arguments));
    }

    private BareProgram tpctl(String... arguments) throws Exception {
        return succeeds(run("tpctl", Map.of(), arguments));
    }

    @Test
    void itFitsInto70Megabytes() throws Exception {
        assertThat(Files.size(packed)).isLessThan(70 * MEGABYTE);
    }

    @Test
    void theSumsOfAllFilesAreRight() throws Exception {
        BareProgram checked = succeeds(BareProgram.run(
                Map.of("PATH", System.getenv("PATH")),
                List.of(
                        "sh",
                        "-c",
                        "cd \"$0\" && sha256sum -c SHA256SUMS",
                        packed.getParent().toString())));
        try (Stream<Path> made = Files.list(packed.getParent())) {
            List<String> all = made.map(file -> file.getFileName() + ": OK")
                    .filter(line -> !line.matches("(SHA256SUMS|made-of): OK"))
                    .toList();
            assertThat(checked.out().lines())
                    .containsExactlyInAnyOrderElementsOf(all)
                    .contains(
                            packed.getFileName() + ": OK",
                            packed.getFileName().toString().replace(".tar.gz", ".cdx.json") + ": OK");
        }
    }

    /** The caches are images of a JVM's memory after it ran. */
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void anotherPackageOfTheSameTreeHasTheSameBytesButForTheCaches() throws Exception {
        assertThat(contents(make("again"))).isEqualTo(contents(packed));
    }

    /** Names, modes, owners, times and sums of the entries, of the caches the names alone. */
    private static String contents(Path archive) throws Exception {
        String listing = """
                cd "$(mktemp -d "$2/XXXXXX")" && tar -xzf "$1"
                tar -tvzf "$1" | sed 's/ [0-9][0-9]* \\([0-9-]* [0-9:]* .*\\.aot\\)$/ \\1/'
                find . -type f ! -name '*.aot' -exec sha256sum {} + | sort -k 2
                """;
        return succeeds(BareProgram.run(
                        Map.of("PATH", System.getenv("PATH")),
                        List.of("sh", "-c", listing, "sh", archive.toString(), folder.toString())))
                .out();
    }

    @Test
    void everyJarIsAPartAndEveryPartHasALicenceWithItsText() throws Exception {
        Path licences = root.resolve("licenses");
        List<PackagePart> parts = PackagePart.ofTable(licences.resolve("README.md"));
        assertThat(parts).hasSizeGreaterThan(40).allSatisfy(part -> {
            assertThat(part.licence()).isNotEmpty();
            assertThat(licences.resolve(part.text())).exists();
        });
        assertThat(PackagePart.ofBom(root.resolve("sbom.cdx.json")))
                .containsExactlyInAnyOrderElementsOf(
                        parts.stream().map(PackagePart::name).toList());
        try (Stream<Path> jars = Files.list(root.resolve("ops-cli/target/app/lib"))) {
            assertThat(jars)
                    .isNotEmpty()
                    .allSatisfy(jar -> assertThat(parts)
                            .anyMatch(part -> part.isIn(jar.getFileName().toString())));
        }
    }

    @Test
    void theDemoRunsAndNothingIsWrittenBesideIt() throws Exception {
        assertThat(tpctl("demo").out()).contains("3 of 3 ranks", "Done in");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aPoolLivesFromUpToShutdown() throws Exception {
        String id = tpctl("up", "-d", "--communicator", "loopback").out().strip();
        try {
            assertThat(tpctl("ls").out()).contains(id);
            assertThat(tpctl("ping", id).out()).contains("rank");
        } finally {
            tpctl("shutdown", id);
        }
        assertThat(run("tpctl", Map.of(), "ls").code()).as("no daemon is left").isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(files()).isEqualTo(before);
    }

    /** A cache that does not fit is ignored: the JVM is asked to say what it does. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tpctl --version",
                "neuron --version",
                "neuron --tp-smoke --tp-size 1 --communicator loopback",
                "neuron --worker --rank 0 --tp-size 1",
                "neuron --worker --rank 0 --tp-size 1 --communicator loopback"
            })
    void theCachesHoldWhereItWasUnpacked(String line) throws Exception {
        String[] words = line.split(" ");
        String[] arguments = Stream.of(words).skip(1).toArray(String[]::new);
        BareProgram result = run(words[0], Map.of("NEURON_JAVA_OPTS", "-Xlog:aot=info:stderr"), arguments);
        assertThat(succeeds(result).err()).contains("Using AOT-linked classes: true");
    }

    @Test
    void itJudgesAWorkerInPython() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "SKIPPED: there is no " + python);
        Path worker = Programs.root().resolve("docs/junit-example/worker.py");

        BareProgram result = tpctl("conformance", "run", "--stage", "7a-i", "--", python.toString(), worker.toString());

        assertThat(result.out()).contains("PASSED", " 0 failed");
    }

    /** As actions for CI start it; CiStepsIT has the rest. */
    @Test
    void itJudgesInCi() throws Exception {
        BareProgram result = BareProgram.run(
                Map.of(
                        "PATH",
                        System.getenv("PATH"),
                        "JUDGE_COMMAND",
                        "./no-such-worker",
                        "JUDGE_REPORT",
                        folder.resolve("ci").toString()),
                List.of(root.resolve("bin/ci-judge").toString()));

        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(folder.resolve("ci/annotations.txt")).content().contains("the worker could not be judged at all");
    }

    @Test
    void pagesAndCompletionsAreWhereShellsAndManLook() {
        for (String page : List.of("tpctl", "tpctl-bench-ping", "neuron")) {
            assertThat(root.resolve("share/man/man1/" + page + ".1")).content().startsWith(".TH ");
        }
        assertThat(root.resolve("share/bash-completion/completions/tpctl")).isNotEmptyFile();
        assertThat(root.resolve("share/zsh/site-functions/_tpctl")).content().startsWith("#compdef tpctl");
        assertThat(root.resolve("share/fish/vendor_completions.d/tpctl.fish")).isNotEmptyFile();
    }
}
