package io.hypernetes.node;

import java.nio.file.Path;

/**
 * What runs the operator's own pods that are no virtual machines.
 *
 * @param connection to containerd's CRI socket; whoever opened it closes it
 * @param pods where the files of these pods are kept
 * @param networks where its CNI plug-in is kept ({@code bin}) and configured ({@code net.d})
 */
public record ContainerdConfig(RuntimeConnection connection, Path pods, Path networks) {}
