package dev.neurontp.ops.container;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of an image that needs no other image: a Java runtime, the host's C library and shell, this project's
 * worker, and the suite. Nothing is fetched.
 */
final class ImageTree {

    private static final Pattern LIBRARY = Pattern.compile("(/\\S+)");
    private static final List<String> SUITE_JARS =
            List.of("jackson", "jqwik", "junit-platform", "opentest4j", "apiguardian");

    private final Path root;

    ImageTree(Path root) {
        this.root = root;
    }

    /** Lays the files out. */
    void lay(Path checkout) throws IOException, InterruptedException {
        Path java = root.resolve("jre");
        run(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--add-modules",
                "java.base,java.logging,java.net.http,java.xml,jdk.httpserver,jdk.net,jdk.unsupported",
                "--strip-debug",
                "--output",
                java.toString());
        Path shell = Path.of("/bin/sh").toRealPath();
        copyProgram(shell, root.resolve("bin/sh"));
        for (String part :
                List.of("bin/java", "lib/libjli.so", "lib/server/libjvm.so", "lib/libnio.so", "lib/libnet.so")) {
            copyLibraries(java.resolve(part));
        }
        copyTree(checkout.resolve("bin"), root.resolve("neurontp/bin"));
        layWorker(checkout.resolve("worker"), root.resolve("neurontp/worker"));
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            String name = path.getFileName().toString();
            if (Files.isDirectory(path)) {
                copyTree(path, root.resolve("suite/classes-" + number++));
            } else if (name.startsWith("neurontp-") || SUITE_JARS.stream().anyMatch(name::contains)) {
                Files.createDirectories(root.resolve("suite"));
                Files.copy(path, root.resolve("suite/" + name));
            }
        }
    }

    /** The worker, with AOT caches that hold for the image's runtime: dozens of its processes start there. */
    private void layWorker(Path from, Path to) throws IOException, InterruptedException {
        copyTree(from.resolve("target/app/native"), to.resolve("target/app/native"));
        copyTree(from.resolve("target/app/lib"), to.resolve("target/app/lib"));
        copyTree(from.resolve("src/build"), to.resolve("src/build"));
        run(
                "env",
                "JAVA_HOME=" + root.resolve("jre"),
                to.resolve("src/build/make-app").toString());
    }

    /** The class path of the suite inside the image. */
    String classPath() throws IOException {
        try (Stream<Path> entries = Files.list(root.resolve("suite"))) {
            return entries.map(entry -> "/suite/" + entry.getFileName())
                    .sorted()
                    .reduce((a, b) -> a + ":" + b)
                    .orElseThrow();
        }
    }

    private void copyProgram(Path program, Path to) throws IOException, InterruptedException {
        Files.createDirectories(to.getParent());
        Files.copy(program, to, StandardCopyOption.COPY_ATTRIBUTES);
        copyLibraries(program);
    }

    private void copyLibraries(Path program) throws IOException, InterruptedException {
        Set<String> libraries = new TreeSet<>();
        for (String line : run("ldd", program.toString())) {
            Matcher matcher = LIBRARY.matcher(line);
            while (matcher.find()) {
                libraries.add(matcher.group(1));
            }
        }
        for (String library : libraries) {
            Path to = root.resolve(library.substring(1));
            if (!library.startsWith(root.toString()) && !Files.exists(to)) {
                Files.createDirectories(to.getParent());
                Files.copy(Path.of(library).toRealPath(), to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static List<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>(process.inputReader().lines().toList());
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + exit + ": " + lines);
        }
        return lines;
    }
}
