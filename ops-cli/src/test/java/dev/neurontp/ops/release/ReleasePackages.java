package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that {@code bin/package} makes of the built tree, made once for the classes of tests that look at it: whichever JVM comes first
 * makes it, and the others wait.
 */
final class ReleasePackages {
    private static final Path ROOT = Programs.root();
    private static final Path FOLDER = ROOT.resolve("ops-cli/target/packages");

    private ReleasePackages() {}

    /** What is made once in the folder of the build, under its lock. */
    interface Work {
        void run() throws Exception;
    }

    /** Runs the work while no other JVM of these tests runs such. */
    static void alone(Work work) throws Exception {
        Path lock = FOLDER.resolveSibling("packages.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            work.run();
        }
    }

    /** The package with this end of its name. */
    static Path made(String end) throws Exception {
        alone(() -> {
            Path of = FOLDER.resolve("made-of");
            String inputs = inputs();
            if (!Files.exists(of) || !Files.readString(of).equals(inputs)) {
                run("rm", "-rf", FOLDER.toString());
                run(ROOT.resolve("bin/package").toString(), FOLDER.toString());
                Files.writeString(of, inputs);
            }
        });
        return only(FOLDER, end);
    }

    /** Names, sizes and times of what a package is made of. No test of the same build changes these while another uses the packages. */
    private static String inputs() throws IOException {
        List<String> inputs = new ArrayList<>();
        for (String each : List.of(
                "bin", "packaging", "worker/target/app/lib", "harness/target/app/lib", "ops-cli/target/app/lib")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(each))) {
                for (Path file :
                        (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                    inputs.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
                }
            }
        }
        return String.join("\n", inputs);
    }

    /** Makes a .deb or a .rpm once more of the same archive, with that version where one is given. */
    static Path again(String kind, Path into, String... version) throws Exception {
        String script = ROOT.resolve("packaging/make-" + kind).toString();
        List<String> command = List.of(script, made(".tar.gz").toString(), into.toString());
        run(Programs.concat(command, version).toArray(String[]::new));
        return only(into, "." + kind);
    }

    static Path only(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().endsWith(end))
                    .toList();
            assertThat(found).as("files of %s that end with %s", folder, end).hasSize(1);
            return found.getFirst();
        }
    }

    /** Runs a command of this host to a good end. */
    static BareProgram run(String... command) throws Exception {
        BareProgram result = BareProgram.run(
                Map.of("PATH", System.getenv("PATH"), "JAVA_HOME", System.getProperty("java.home")), List.of(command));
        assertThat(result.code())
                .as("%s: %s%s", List.of(command), result.out(), result.err())
                .isEqualTo(ExitCode.OK);
        return result;
    }
}
