package dev.neurontp.worker.library;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the libraries of NCCL, of the CUDA driver and of its management (NVML) are looked for: an explicit setting, then the loader's path, the
 * system's folders, and the site-packages of a Python that has NCCL as a wheel.
 */
public final class LibrarySearch {
    public static final String NCCL = "libnccl.so.2";
    public static final String CUDA = "libcuda.so.1";
    public static final String NVML = "libnvidia-ml.so.1";

    private static final Map<String, String> SETTINGS =
            Map.of(NCCL, "NEURON_NCCL_LIBRARY", CUDA, "NEURON_CUDA_LIBRARY", NVML, "NEURON_NVML_LIBRARY");
    private static final List<String> SYSTEM_FOLDERS = List.of(
            "usr/lib/x86_64-linux-gnu",
            "usr/lib/aarch64-linux-gnu",
            "usr/lib64",
            "usr/lib",
            "usr/local/lib",
            "usr/local/cuda/lib64",
            "usr/local/nvidia/lib64",
            "usr/lib/wsl/lib");
    private static final List<String> PYTHON_FOLDERS = List.of("usr/lib", "usr/local/lib", "opt/venv/lib");
    private static final List<String> PACKAGE_FOLDERS = List.of("dist-packages", "site-packages");

    private static final String LOADER_CACHE = "etc/ld.so.cache";

    private final Map<String, String> environment;
    private final Path fileSystemRoot;

    /** {@code fileSystemRoot} is another folder than / in tests only. */
    public LibrarySearch(Map<String, String> environment, Path fileSystemRoot) {
        this.environment = environment;
        this.fileSystemRoot = fileSystemRoot;
    }

    /** This process's environment and file system. */
    public static LibrarySearch fromEnvironment() {
        return new LibrarySearch(System.getenv(), Path.of("/"));
    }

    /**
     * What to hand to the loader, in order: the explicit setting and nothing else, or the bare name, which the loader
     * looks up by its own rules, and then the files that are there.
     */
    public List<String> candidates(String library) {
        String explicit = environment.getOrDefault(SETTINGS.get(library), "");
        if (!explicit.isEmpty()) {
            return isFile(explicit) ? List.of(Path.of(explicit).toAbsolutePath().toString()) : List.of();
        }
        List<String> candidates = new ArrayList<>();
        candidates.add(library);
        for (Path folder : folders()) {
            Path file = folder.resolve(library);
            if (Files.exists(file)) {
                candidates.add(file.toString());
            }
        }
        return candidates;
    }

    /** The files of that name, in the order in which they are looked at; with an explicit setting that one alone. */
    public List<Path> files(String library) {
        return candidates(library).stream()
                .filter(candidate -> candidate.contains("/"))
                .map(Path::of)
                .toList();
    }

    /**
     * Whether the library is certainly not on this host: in none of the folders, and the loader's cache does not know it. Opens
     * no library, so false does not say that it can be used.
     */
    public boolean isAbsent(String library) {
        String explicit = environment.getOrDefault(SETTINGS.get(library), "");
        return files(library).isEmpty() && (!explicit.isEmpty() || !cacheKnows(library));
    }

    /** Of a cache that cannot be read nothing is certain. */
    private boolean cacheKnows(String library) {
        Path cache = fileSystemRoot.resolve(LOADER_CACHE);
        try {
            return Files.exists(cache)
                    && new String(Files.readAllBytes(cache), StandardCharsets.ISO_8859_1).contains(library + "\0");
        } catch (IOException _) {
            return true;
        }
    }

    /** One clause for a person: where the library is, or where it was looked for. */
    public String describe(String library) {
        String setting = SETTINGS.get(library);
        String explicit = environment.getOrDefault(setting, "");
        if (!explicit.isEmpty()) {
            return library + (isFile(explicit) ? " is " : " is not there: no file ") + explicit + " (" + setting + ")";
        }
        List<Path> folders = folders();
        Optional<Path> found = folders.stream()
                .map(folder -> folder.resolve(library))
                .filter(Files::exists)
                .findFirst();
        return found.map(path -> library + " is " + path)
                .orElseGet(() -> library + " is not there (looked at " + setting + ", LD_LIBRARY_PATH and in "
                        + String.join(", ", folders.stream().map(Path::toString).toList()) + ")");
    }

    private List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (String folder : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
            path(folder).ifPresent(folders::add);
        }
        for (String folder : SYSTEM_FOLDERS) {
            addIfThere(folders, fileSystemRoot.resolve(folder));
        }
        for (String folder : PYTHON_FOLDERS) {
            addPythonPackages(folders, fileSystemRoot.resolve(folder));
        }
        for (String pythonHome : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            path(environment.getOrDefault(pythonHome, ""))
                    .ifPresent(home -> addPythonPackages(folders, home.resolve("lib")));
        }
        path(environment.getOrDefault("HOME", ""))
                .ifPresent(home -> addPythonPackages(folders, home.resolve(".local/lib")));
        return folders;
    }

    private static void addPythonPackages(List<Path> folders, Path libraryFolder) {
        if (!Files.isDirectory(libraryFolder)) {
            return;
        }
        try (DirectoryStream<Path> pythons = Files.newDirectoryStream(libraryFolder, "python3*")) {
            for (Path python : pythons) {
                for (String packages : PACKAGE_FOLDERS) {
                    addIfThere(folders, python.resolve(packages).resolve("nvidia/nccl/lib"));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // A folder that cannot be listed is a folder without the library.
            return;
        }
    }

    private static void addIfThere(List<Path> folders, Path folder) {
        if (Files.isDirectory(folder)) {
            folders.add(folder);
        }
    }

    private static boolean isFile(String text) {
        return path(text).filter(Files::isRegularFile).isPresent();
    }

    /** Empty for text that can be no path, such as one with a NUL. */
    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
