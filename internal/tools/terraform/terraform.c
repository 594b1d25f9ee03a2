// Makes a program of Terraform in the form of a shared library: the same arguments, streams, signals and exit status.
// LIBRARY is the library's path, given to the compiler.

#include <dlfcn.h>
#include <stdio.h>

// What the library exports: it takes the arguments without the program's name, and where to write.
typedef int run_cli(int argc, char **argv, int out, int err);

int main(int argc, char **argv) {
	void *library = dlopen(LIBRARY, RTLD_NOW);
	if (library == NULL) {
		fprintf(stderr, "cannot load Terraform: %s\n", dlerror());
		return 1;
	}
	run_cli *run = (run_cli *)dlsym(library, "RunCli");
	if (run == NULL) {
		fprintf(stderr, "cannot start Terraform: %s\n", dlerror());
		return 1;
	}
	return run(argc - 1, argv + 1, fileno(stdout), fileno(stderr));
}
