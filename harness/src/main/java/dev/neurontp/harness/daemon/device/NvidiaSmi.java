package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The questions that nvidia-smi is asked. One thread uses it. */
final class NvidiaSmi {
    private static final String USAGE = "--query-gpu=index,memory.used,memory.free,utilization.gpu,temperature.gpu,"
            + "ecc.errors.uncorrected.volatile.total";
    private static final Pattern CUDA = Pattern.compile("CUDA Version\\s*:\\s*([0-9.]+)");
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,6}");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final int ALL = -1;
    private static final int QUOTED = 200;
    /** More than the devices of a host, or the processes on them. */
    private static final int MOST_ROWS = 4096;

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,15}");

    private final String program;
    private final BoundedCommand runner;

    NvidiaSmi(String program, Duration limit) {
        this.program = program;
        this.runner = new BoundedCommand(limit);
    }

    /** Whether there is such a program on this host. */
    boolean present() {
        if (program.contains("/")) {
            return Files.exists(Path.of(program));
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    int count() throws IOException, InterruptedException {
        return query("--query-gpu=index", 1, INDEX, ALL).size();
    }

    DeviceInventory inventory() throws IOException, InterruptedException {
        List<List<String>> rows =
                query("--query-gpu=index,name,memory.total,compute_cap,driver_version,uuid,pci.bus_id", 7, INDEX, ALL);
        List<DeviceInventory.Device> devices = rows.stream()
                .map(row -> new DeviceInventory.Device(
                        index(row),
                        ForeignText.of(row.get(1), ForeignText.NAME),
                        number(row.get(2)),
                        text(row.get(3)),
                        text(row.get(5)),
                        text(row.get(6))))
                .toList();
        Optional<String> driver = rows.stream().findFirst().flatMap(row -> text(row.get(4)));
        Matcher cuda = CUDA.matcher(runner.run(List.of(program, "-q", "-d", "COMPUTE")));
        return new DeviceInventory(cuda.find() ? text(cuda.group(1)) : Optional.empty(), driver, devices);
    }

    DeviceReading reading() throws IOException, InterruptedException {
        List<DeviceReading.Usage> devices = query(USAGE, 6, INDEX, ALL).stream()
                .map(row -> new DeviceReading.Usage(
                        index(row),
                        number(row.get(1)),
                        number(row.get(2)),
                        number(row.get(3)),
                        number(row.get(4)),
                        number(row.get(5))))
                .toList();
        List<DeviceReading.Program> programs =
                query("--query-compute-apps=pid,used_memory,gpu_bus_id,process_name", 4, ANY, 4).stream()
                        .flatMap(row -> number(row.get(0)).stream()
                                .map(pid -> new DeviceReading.Program(
                                        pid,
                                        number(row.get(1)),
                                        ForeignText.of(row.get(2), ForeignText.NAME),
                                        ForeignText.of(row.get(3), ForeignText.NAME))))
                        .toList();
        return new DeviceReading(devices, programs);
    }

    /**
     * Asks, and takes the answer apart.
     *
     * @param most cells of a line, of which the last one may have commas itself; {@link #ALL} where none may
     */
    private List<List<String>> query(String what, int columns, Pattern first, int most)
            throws IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        String answer = runner.run(List.of(program, what, "--format=csv,noheader,nounits"));
        for (Iterator<String> lines = answer.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next();
            // One cell more than may be there shows another shape as well as all of them.
            List<String> row = Arrays.stream(line.split(",", most == ALL ? columns + 1 : most))
                    .map(String::strip)
                    .toList();
            if (rows.size() == MOST_ROWS) {
                throw new IOException(program + " " + what + " printed more than " + MOST_ROWS + " lines");
            }
            if (row.size() != columns || !first.matcher(row.getFirst()).matches()) {
                throw new IOException(program + " " + what + " printed a line of another shape: '"
                        + ForeignText.of(line, QUOTED) + "'");
            }
            rows.add(row);
        }
        return rows;
    }

    private static int index(List<String> row) {
        return Integer.parseInt(row.getFirst());
    }

    private static Optional<Long> number(String cell) {
        return WHOLE.matcher(cell).matches() ? Optional.of(Long.valueOf(cell)) : Optional.empty();
    }

    /** Empty for {@code [N/A]} and {@code [Not Supported]}. */
    private static Optional<String> text(String cell) {
        return cell.isEmpty() || cell.startsWith("[")
                ? Optional.empty()
                : Optional.of(ForeignText.of(cell, ForeignText.NAME));
    }
}
