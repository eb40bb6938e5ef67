package dev.neurontp.ops.doctor.nvml;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Opens the driver's device files: a rule of a container's control group refuses that although their mode allows it. */
final class DeviceFiles {
    private static final String NAMES = "nvidia[0-9]{1,3}|nvidiactl|nvidia-uvm";

    private DeviceFiles() {}

    static void open(PrintStream out) {
        try (Stream<Path> files = Files.list(Path.of("/dev"))) {
            files.filter(file -> file.getFileName().toString().matches(NAMES))
                    .sorted()
                    .forEach(file -> NvmlProbe.say(out, "open." + file, opened(file)));
        } catch (IOException e) {
            NvmlProbe.say(out, "open./dev", String.valueOf(e.getMessage()));
        }
    }

    private static String opened(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.isOpen() ? "ok" : "closed";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
