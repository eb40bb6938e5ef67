package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code take_jars} of bin/build.sh, by which a program gets the jars of this build and keeps none of an earlier one. */
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

    private void takeJars() throws Exception {
        String script = "set -eu; . \"$1/bin/build.sh\"; take_jars \"$2\" \"$3\" worker";
        String root = Programs.root().toString();
        Process process = new ProcessBuilder("sh", "-c", script, "sh", root, from.toString(), lib.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
    }

    private List<String> jars() throws IOException {
        try (Stream<Path> files = Files.list(lib)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
