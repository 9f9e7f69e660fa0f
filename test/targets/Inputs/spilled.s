# Written by hand, for the test of find_spills.py: places in the frame inside and
# outside of innermost loops.
	.type	reload_in_inner_loop,@function
reload_in_inner_loop:
	subq	$128, %rsp
.LBB0_1:
	vmovups	%ymm4, 64(%rsp)
.LBB0_2:
	vmovups	-72(%rsp), %ymm5
	vfmadd231ps	%ymm15, %ymm1, %ymm5
	vmovups	%ymm5, -72(%rsp)
	addq	$8, %rax
	cmpq	%rcx, %rax
	jb	.LBB0_2
	vmovups	64(%rsp), %ymm4
	decq	%rdx
	jne	.LBB0_1
	retq
.Lfunc_end0:
	.type	folded_reload,@function
folded_reload:
	vmovups	%ymm0, 32(%rsp)
.LBB1_1:
	vmulps	32(%rsp), %ymm1, %ymm1
	jne	.LBB1_1
	retq
.Lfunc_end1:
	.type	array_on_the_stack,@function
array_on_the_stack:
.LBB2_1:
	vmovups	32(%rsp,%rax,4), %ymm1
	vaddps	%ymm1, %ymm2, %ymm2
	movq	24(%rsp), %rbx
	jne	.LBB2_1
	retq
.Lfunc_end2:
	.type	rbp_is_a_pointer,@function
rbp_is_a_pointer:
	movq	8(%rdi), %rbp
.LBB3_1:
	vmovups	32(%rbp), %ymm1
	addq	$32, %rbp
	jne	.LBB3_1
	retq
.Lfunc_end3:
	.type	mask_of_a_load,@function
mask_of_a_load:
.LBB4_1:
	vmovups	-16(%rsp), %ymm2
	vmaskmovps	(%r9), %ymm2, %ymm2
	vaddps	%ymm2, %ymm3, %ymm3
	jne	.LBB4_1
	retq
.Lfunc_end4:
