package dev.neurontp.worker;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gather_jars} and {@code take_jars} of bin/build.sh, by which a program gets the jars of this build and keeps none of an earlier one. */
class TakeJarsIT {
    @TempDir
    private Path folder;

    private Path from;
    private Path lib;

    @BeforeEach
    void twoFolders() throws IOException {
        from = Files.createDirectories(folder.resolve("of this build"));
        lib = folder.resolve("app/lib");
        Files.writeString(from.resolve("neurontp-worker-1.jar"), "own");
        Files.writeString(from.resolve("jackson-core-3.jar"), "library");
    }

    @Test
    void aFirstBuildFillsTheFolder() throws Exception {
        takeJars();
        assertThat(jars()).containsExactly("jackson-core-3.jar", "neurontp-worker-1.jar");
        assertThat(from).doesNotExist();
    }

    @Test
    void aJarThatIsNotWantedAnyMoreGoes() throws Exception {
        Files.createDirectories(lib);
        Files.writeString(lib.resolve("jackson-core-2.jar"), "another version");
        Files.writeString(lib.resolve("jqwik-1.jar"), "another scope");
        takeJars();
        assertThat(jars()).containsExactly("jackson-core-3.jar", "neurontp-worker-1.jar");
    }

    @Test
    void aJarThatAProgramReadsIsNotWrittenInto() throws Exception {
        Files.createDirectories(lib);
        Path own = Files.writeString(lib.resolve("neurontp-worker-1.jar"), "older");
        Path library = Files.writeString(lib.resolve("jackson-core-3.jar"), "library");
        Object sameLibrary = Files.getAttribute(library, "unix:ino");
        try (Stream<String> reader = Files.lines(own)) {
            takeJars();
            assertThat(reader).containsExactly("older");
        }
        assertThat(own).hasContent("own");
        assertThat(Files.getAttribute(library, "unix:ino")).isEqualTo(sameLibrary);
    }

    @Test
    void whatNoProgramLoadsIsLeftOutOfTheClassPath() throws Exception {
        List<Path> classPath = new ArrayList<>(List.of(Files.createDirectories(folder.resolve("classes"))));
        for (String name : List.of(
                "jackson-core-3",
                "annotations-13",
                "jackson-annotations-2",
                "jcuda-natives-12",
                "jqwik-1",
                "jqwik-api-1")) {
            classPath.add(Files.writeString(folder.resolve(name + ".jar"), name));
        }
        Path own = Files.writeString(folder.resolve("neurontp-worker-1.jar"), "own");
        String joined = classPath.stream().map(Path::toString).collect(joining(":"));
        String said = build(
                "gather_jars \"$2\" \"$3\"; ls \"$neurontp_gathered\"; echo \"$neurontp_natives\"",
                own.toString(),
                joined);
        assertThat(said.lines())
                .containsExactly(
                        "jackson-annotations-2.jar",
                        "jackson-core-3.jar",
                        "jqwik-api-1.jar",
                        "neurontp-worker-1.jar",
                        folder.resolve("jcuda-natives-12.jar").toString());
    }

    private void takeJars() throws Exception {
        assertThat(build("take_jars \"$2\" \"$3\" worker", from.toString(), lib.toString()))
                .isEmpty();
    }

    private static String build(String script, String first, String second) throws Exception {
        String root = Programs.root().toString();
        Process process = new ProcessBuilder(
                        "sh", "-c", "set -eu; . \"$1/bin/build.sh\"; " + script, "sh", root, first, second)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private List<String> jars() throws IOException {
        try (Stream<Path> files = Files.list(lib)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
