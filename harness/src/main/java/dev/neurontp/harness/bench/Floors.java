package dev.neurontp.harness.bench;

import dev.neurontp.harness.process.BoundedRun;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.ExitHook;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a worker is compared to: programs that do next to nothing, measured in the same run. Its folder goes away at the end, also where a
 * signal ends this process.
 */
public final class Floors implements AutoCloseable {
    private static final String SOURCE = "echo.c";
    private static final Duration COMPILATION = Duration.ofSeconds(60);
    /** Of what the compiler prints, bytes that are read. */
    private static final int WORDS = 4096;

    private final Path folder;
    private final ExitHook ending = new ExitHook("bench-folder", this::removeAtExit);

    /** An empty folder for what is compiled. */
    public Floors() throws IOException {
        folder = BenchFolder.create();
        ending.install();
    }

    /** {@code cat}, a worker in C where there is a compiler, and a JVM. */
    List<MeasuredProgram> all() throws IOException, InterruptedException {
        List<MeasuredProgram> all = new ArrayList<>();
        all.add(new MeasuredProgram("cat", List.of("cat"), false));
        compiled().ifPresent(program -> all.add(MeasuredProgram.worker("C", List.of(program.toString()))));
        jvm().ifPresent(all::add);
        return all;
    }

    /**
     * The program of a worker in C, which answers pings and leaves when it is asked to; empty where no gcc makes one. Blocks for at most a
     * minute.
     *
     * @throws FileSystemException where the folder has no room for it
     */
    public Optional<Path> compiled() throws IOException, InterruptedException {
        Path source = folder.resolve(SOURCE);
        Path program = folder.resolve("echo");
        try (InputStream text = Floors.class.getResourceAsStream(SOURCE)) {
            Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FileSystemException(source.toString(), null, e.getMessage());
        }
        ProcessBuilder gcc = new ProcessBuilder("gcc", "-O2", "-o", program.toString(), source.toString());
        try {
            // It starts others, which may hang as well.
            BoundedRun run = BoundedRun.of(gcc, Optional.empty(), WORDS, Deadline.in(COMPILATION));
            return run.exitCode().equals(OptionalInt.of(0)) ? Optional.of(program) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // there is none
        }
    }

    /** This JVM's java with a class that echoes; empty where its class path cannot be given on. */
    private static Optional<MeasuredProgram> jvm() {
        Optional<String> java = ProcessHandle.current().info().command();
        URI place = URI.create(EchoMain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        String classes = Path.of(place).toString();
        if (java.isEmpty() || classes.contains(":")) {
            return Optional.empty();
        }
        return Optional.of(new MeasuredProgram(
                "JVM",
                List.of(
                        java.get(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        classes,
                        EchoMain.class.getName()),
                false));
    }

    private void removeAtExit() {
        BenchFolder.removeAtExit(folder);
    }

    @Override
    public void close() throws IOException {
        ending.remove();
        BenchFolder.remove(folder);
    }
}
