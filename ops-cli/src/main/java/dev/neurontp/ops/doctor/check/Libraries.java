package dev.neurontp.ops.doctor.check;

import dev.neurontp.worker.library.LibrarySearch;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of the libraries, where a rank would look for them. */
final class Libraries {
    private Libraries() {}

    private static LibrarySearch search(Evidence evidence) {
        return new LibrarySearch(
                evidence.host().environment(), evidence.host().files().path("/"));
    }

    static Optional<Path> first(Evidence evidence, String library) {
        return search(evidence).files(library).stream().findFirst();
    }

    /** The libnccl.so.2 that the probe has opened, or else the first file of that name. */
    static Optional<Path> nccl(Evidence evidence) {
        return evidence.cuda()
                .facts()
                .text("nccl_library")
                .filter(name -> name.contains("/"))
                .map(Path::of)
                .or(() -> first(evidence, LibrarySearch.NCCL));
    }

    /** Files of that name that are not the same file, in the order of the search. */
    static List<Path> distinct(Evidence evidence, String library) {
        return search(evidence).files(library).stream()
                .map(Libraries::real)
                .distinct()
                .toList();
    }

    /** The file behind symbolic links; itself where they lead nowhere. */
    static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException _) {
            return file;
        }
    }

    /** What is installed beside a libnccl.so.2 that lies in {@code nvidia/nccl/lib} of Python packages; else nothing. */
    static List<String> wheels(Path file) {
        Path folder = file.getParent();
        if (folder == null || !folder.endsWith("nvidia/nccl/lib")) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(folder.resolve("../../..").normalize(), "nvidia_nccl_cu*")) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException | DirectoryIteratorException _) {
            // Nothing is known about who installed it.
            return List.of();
        }
        names.sort(null);
        return names;
    }
}
