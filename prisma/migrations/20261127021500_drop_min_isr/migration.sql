-- Written with every description and read by nothing: a system counts its partitions that refuse writes by itself.
ALTER TABLE "destination" DROP COLUMN "min_isr";
