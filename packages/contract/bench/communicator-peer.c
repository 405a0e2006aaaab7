/* What communicator-program.ts does, in C. */
#include <mpi_abi.h>
#include <stdio.h>
#include <stdlib.h>

enum { SUMS = 101 };

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median_of_sums(int length, int size) {
  double *values = malloc(length * sizeof *values), times[SUMS];
  for (int i = 0; i < SUMS; i++) {
    for (int j = 0; j < length; j++) values[j] = 1;
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    MPI_Allreduce(MPI_IN_PLACE, values, length, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    times[i] = 1000 * (MPI_Wtime() - start);
  }
  if (values[length - 1] != size) exit(1);
  free(values);
  qsort(times, SUMS, sizeof *times, by_value);
  return times[SUMS / 2];
}

int main(void) {
  int size, provided;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  double long_sum = median_of_sums(1000000, size), short_sum = median_of_sums(1, size);
  printf("{\"longMilliseconds\": %f, \"shortMilliseconds\": %f}\n", long_sum, short_sum);
  MPI_Finalize();
  return 0;
}
