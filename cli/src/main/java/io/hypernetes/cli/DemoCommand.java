package io.hypernetes.cli;

import io.hypernetes.cli.Shell.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * {@code hypernetes demo}: two tenants with the same addresses side by side, by the commands that a
 * person would type, and a report of what each can see of the other.
 */
@Command(
        name = "demo",
        description = "Show two tenants with the same addresses, isolated from each other.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final String CIDR = "10.0.0.0/24";

    @Mixin private Installation installation = new Installation();

    @Option(names = "--keep", description = "Leave the two tenants for you to look at.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        installation.operator();
        Path folder = Files.createTempDirectory("hypernetes-demo");
        DemoReport report = new DemoReport(System.out);
        DemoTenant acme = new DemoTenant(installation, report, folder, "demo-acme", "alice");
        DemoTenant globex = new DemoTenant(installation, report, folder, "demo-globex", "bob");
        try {
            show(report, acme, globex);
        } finally {
            if (!keep) {
                report.chapter("Cleaning up");
                acme.delete();
                globex.delete();
                Files.deleteIfExists(folder);
            }
        }
        if (keep) {
            System.out.printf(
                    "%nThe tenants stay. Look around with%n  kubectl --kubeconfig %s -n web get"
                            + " pods -o wide%nand remove them with%n  hypernetes tenant delete"
                            + " demo-acme; hypernetes tenant delete demo-globex%n",
                    acme.kubeconfig());
        }
        return report.close();
    }

    private static void show(DemoReport report, DemoTenant acme, DemoTenant globex)
            throws InterruptedException {
        report.chapter("Two tenants, the same addresses on purpose");
        acme.create(CIDR);
        globex.create(CIDR);

        report.chapter("Each applies the same manifest; every pod becomes a virtual machine");
        acme.apply();
        globex.apply();
        String acmeAddress = acme.address("hello");
        String globexAddress = globex.address("hello");
        report.check(
                "both 'hello' pods run, at the same address",
                acmeAddress.equals(globexAddress) && !acmeAddress.isEmpty(),
                "%s in %s, %s in %s"
                        .formatted(acmeAddress, acme.name(), globexAddress, globex.name()));
        String kernels = acme.inPod("hello", "cat /proc/sys/kernel/random/boot_id").output();
        report.check(
                "they are different machines",
                !kernels.equals(
                        globex.inPod("hello", "cat /proc/sys/kernel/random/boot_id").output()),
                "each kernel has a boot id of its own");

        report.chapter("The network: each reaches its own neighbour at that address");
        acme.inPod("hello", "echo acme > /www/data/word");
        globex.inPod("hello", "echo globex > /www/data/word");
        String url = "http://" + acmeAddress + ":8080/data/word";
        Outcome fromAcme = acme.inPod("visitor", "timeout 10 wget -qO- " + url);
        Outcome fromGlobex = globex.inPod("visitor", "timeout 10 wget -qO- " + url);
        report.check(
                "acme's visitor reads acme's word",
                fromAcme.output().equals("acme"),
                url + " -> " + fromAcme.output());
        report.check(
                "globex's visitor reads globex's word from the very same URL",
                fromGlobex.output().equals("globex"),
                url + " -> " + fromGlobex.output());
        globex.runLonely();
        String lonely = globex.address("lonely");
        Outcome own = globex.inPod("visitor", "/bin/ping -c 1 -W 2 " + lonely);
        Outcome other = acme.inPod("visitor", "/bin/ping -c 2 -W 1 " + lonely);
        report.check("an address that only globex has answers globex", own.ok(), "ping " + lonely);
        report.check(
                "and is silent for acme", !other.ok(), "ping " + lonely + ": 100% packet loss");

        report.chapter("The API: each sees its own world and nothing else");
        String namespaces = acme.kubectl("get", "namespaces", "-o", "name").output();
        report.check(
                "alice lists her namespaces",
                namespaces.contains("namespace/web") && namespaces.lines().count() == 4,
                namespaces.replace("\n", " "));
        Outcome peek = acme.lookAt("/tenants/" + globex.name() + "/api/v1/pods");
        report.check(
                "alice is refused in globex",
                !peek.ok() && peek.output().contains("orbidden"),
                peek.output().lines().reduce("", (_, last) -> last));

        report.chapter("The disk outlives the pod");
        acme.recreateHello();
        Outcome word = acme.inPod("hello", "cat /www/data/word");
        report.check(
                "a new pod finds the old pod's word", word.output().equals("acme"), word.output());
    }
}
