package io.hypernetes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What processes take of this machine's memory. */
final class ProcessMemory {

    /**
     * @param pss proportional set size in bytes: pages shared with others are counted in shares
     */
    record Usage(long pid, String command, long pss) {}

    private ProcessMemory() {}

    static Usage of(long pid) {
        return new Usage(pid, commandLine(pid), pss(pid));
    }

    /** The processes whose program has this name and whose command line names the folder. */
    static List<Usage> of(String program, Path folder) {
        List<Usage> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .forEach(process -> {
                    String line = commandLine(process.pid());
                    if (line.contains(program) && line.contains(folder.toString())) {
                        found.add(new Usage(process.pid(), line, pss(process.pid())));
                    }
                });
        return found;
    }

    private static String commandLine(long pid) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
            return new String(line, StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (IOException _) {
            return "";
        }
    }

    private static long pss(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                if (line.startsWith("Pss:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
